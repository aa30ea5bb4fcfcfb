import { resolve } from 'node:path'
import { CamgateError } from '../../errors.js'

export const configOption = { config: { type: 'string', short: 'c', values: 'file' } } as const

/** The whole path of cameras.yaml: as named, or else CAMGATE_CONFIG. */
export const configPath = (named: string | undefined, env: Record<string, string | undefined>): string => resolve(named || env.CAMGATE_CONFIG || 'cameras.yaml')

/** The same for a command that takes the file by its name alone or with --config. @throws {CamgateError} USAGE */
export function configPathOf ({ positionals, values }: { positionals: string[], values: { config?: string | undefined } }, env: Record<string, string | undefined>, usage: string): string {
  const [file, ...more] = [...positionals, ...values.config === undefined ? [] : [values.config]]
  if (more.length > 0) throw new CamgateError('USAGE', `There is one file, not several: ${[file, ...more].join(' ')}\n\n${usage}`)
  return configPath(file, env)
}
