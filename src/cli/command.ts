import { unprintable } from '../text/printable.js'
import type { Options, Parsed, Values } from './options.js'

/** The streams and variables of the process; tests give their own. */
export interface Io {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean, columns?: number }
  readonly env: Record<string, string | undefined>
  /** Whether --json was given: stdout then gets JSON and nothing else. */
  readonly json: boolean
  /** Every command, for what is made of all of them. */
  readonly table: readonly Entry[]
}

export interface Entry {
  readonly name: string
  readonly summary: string
  /** Commands are imported late: `camgate --help` needs none of them. */
  load (): Promise<Command>
}

/** The shape of each file in `commands/`, except for the table. */
export interface Command {
  /** One screen, with an example. */
  readonly usage: string
  readonly options: Options
  /** What it takes besides options. Without it, it takes nothing. */
  readonly operands?: Values
  /** Resolves with the exit code, 0 if undefined. A command that goes on, such as `serve`, resolves when it has started. */
  run (parsed: Parsed<Options>, io: Io): Promise<number | undefined>
}

/** Text may come from a camera, or from what only listens at camgate's port: nothing in it may move the terminal's cursor. */
const CONTROLS = new RegExp(`(?!\\n)[${unprintable}]`, 'g')

/** Prints a command's answer: text for people, or with --json the data. */
export function answer ({ json, stdout }: Pick<Io, 'json' | 'stdout'>, text: string, data: object): void {
  stdout.write(json ? `${JSON.stringify(data, null, 2)}\n` : text.replace(CONTROLS, ''))
}
