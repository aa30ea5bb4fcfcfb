import type { Entry } from '../command.js'
import type { Values } from '../options.js'

export interface CompletedOption {
  /** `--port`, and `-c` if it has a short name. */
  readonly names: readonly string[]
  /** Whether a value follows. */
  readonly takesValue: boolean
  /** What is offered for the value; nothing, if it is any text. */
  readonly values: Values
}

export interface CompletedCommand {
  readonly name: string
  readonly summary: string
  readonly options: readonly CompletedOption[]
  readonly operands: Values
}

/** What a shell has to know about each command. */
export async function describeCommands (table: readonly Entry[]): Promise<CompletedCommand[]> {
  return await Promise.all(table.map(async ({ name, summary, load }) => {
    const { options, operands = [] } = await load()
    return {
      name,
      summary,
      operands,
      options: [...Object.entries(options), ['json', { type: 'boolean' }] as const, ['help', { type: 'boolean', short: 'h' }] as const].map(([long, option]) => ({
        names: [`--${long}`, ...'short' in option && option.short !== undefined ? [`-${option.short}`] : []],
        takesValue: option.type === 'string',
        values: 'values' in option && option.values !== undefined ? option.values : []
      }))
    }
  }))
}

/** A word within single quotes, in any of the three shells. */
export const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`

/** The command that prints the ids of the cameras. It runs without the alias, because a function of a shell does not see it. */
export const idsCommand = (program: readonly string[]): string => `${program.map(quoted).join(' ')} completion --ids 2>/dev/null`
