import { parseArgs, type ParseArgsConfig } from 'node:util'
import { nearest } from '../text/nearest.js'
import { CamgateError, messageOf } from '../errors.js'

/**
 * Node's parseArgs, with errors that suggest the option that was probably meant.
 *
 * @throws {CamgateError} USAGE, with `usage` below the problem.
 */
export function parseOptions<const T extends ParseArgsConfig> (config: T, usage: string) {
  const { tokens = [] } = parseArgs({ ...config, strict: false, allowPositionals: true, tokens: true })
  const known = Object.keys(config.options ?? {})
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
