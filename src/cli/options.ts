import { parseArgs, type ParseArgsConfig } from 'node:util'
import { nearest } from '../text/nearest.js'
import { CamgateError, messageOf } from '../errors.js'

/** What completion offers for a value: the names of files, the ids of the configuration's cameras, the paths of their pictures, or these words. */
export type Values = 'file' | 'camera' | 'camera address' | readonly string[]

/** An option as `parseArgs` knows it. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  readonly default?: string | boolean | string[]
  readonly values?: Values
}

export type Options = Readonly<Record<string, Option>>

/**
 * Node's parseArgs, with errors that suggest the option that was probably meant.
 *
 * @throws {CamgateError} USAGE, with `usage` below the problem.
 */
export function parseOptions<const Of extends Options> (args: readonly string[], options: Of, usage: string, allowPositionals = true) {
  const config = { args: [...args], options, allowPositionals } satisfies ParseArgsConfig
  const { tokens = [] } = parseArgs({ ...config, strict: false, allowPositionals: true, tokens: true })
  const known = Object.keys(options)
  for (const token of tokens) {
    if (token.kind !== 'option' || known.includes(token.name)) continue
    const near = nearest(token.name, known)
    throw new CamgateError('USAGE', `There is no option ${token.rawName}${near ? `; did you mean --${near}?` : '.'}\n\n${usage}`)
  }
  try {
    return parseArgs(config)
  } catch (error) {
    throw new CamgateError('USAGE', `${messageOf(error)}\n\n${usage}`, { cause: error })
  }
}

export type Parsed<Of extends Options> = ReturnType<typeof parseOptions<Of>>
