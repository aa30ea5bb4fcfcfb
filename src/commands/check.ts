import { answer, type Io } from '../cli/command.js'
import { configOption, configPathOf } from '../cli/files/config-file.js'
import type { Parsed } from '../cli/options.js'
import { loadRegistry } from '../config/load.js'
import { CamgateError } from '../errors.js'
import { checkPair } from '../tls/pair-files.js'
import { listed } from '../yaml/diagnostic.js'

export const usage = `camgate check [FILE]

Reads a configuration as a start does, and the key and certificate that it names. Lists every mistake with its line and column, and what is
probably one. FILE may also be given as --config FILE or -c FILE; without it, it is CAMGATE_CONFIG or cameras.yaml.

The exit code is 0 if the file can be served, 78 if not. --json: { file, cameras, warnings }, with certificate if the file names
one, or { error } with its faults.

  camgate check cameras.yaml
`
export const options = configOption
export const operands = 'file'

export async function run (parsed: Parsed<typeof options>, io: Io): Promise<undefined> {
  const file = configPathOf(parsed, io.env, usage)
  const { server: { tls }, cameras, warnings } = loadRegistry(file, io.env)
  const lines = warnings.length > 0 ? [listed(file, warnings, 'warning')] : []
  const verdict = `${file} is good: ${cameras.length} camera${cameras.length === 1 ? '' : 's'}`
  const certificate = typeof tls !== 'object'
    ? undefined
    : await checkPair(tls, Date.now()).catch(error => {
      if (!io.json) io.stdout.write(lines.map(line => `${line}\n`).join(''))
      throw error instanceof CamgateError ? new CamgateError(error.code, `${error.message}\nApart from that, ${verdict}`, { cause: error }) : error
    })
  if (certificate) lines.push(certificate)
  answer(io, [...lines, verdict, ''].join('\n'), { file, cameras: cameras.map(({ id }) => id), warnings, ...certificate && { certificate } })
}
