import type { Entry, Io } from '../cli/command.js'
import { reportFailure } from '../cli/exit.js'
import { parseOptions } from '../cli/options.js'
import { CamgateError } from '../errors.js'
import { version } from '../package.js'
import { nearest } from '../text/nearest.js'
import { table } from './table.js'

const names = table.map(({ name }) => name)

const help = () => `camgate ${version}: pictures of IP cameras for any web page

  camgate [serve] [FILE] [--host HOST] [--port PORT]
  camgate COMMAND [OPTIONS]

${table.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

'camgate help COMMAND' or 'camgate COMMAND --help' explains one. All take --json: their answer, or why there is none, is then JSON on stdout.

  camgate cameras.yaml --port 8080
`

/** Runs the command of a command line. Returns the exit code, or that of a failure; undefined if the command goes on, or ended well. */
export async function dispatch (argv: readonly string[], streams: Omit<Io, 'json' | 'table'>): Promise<{ code: number | undefined, failed?: true }> {
  const json = optionsOf(argv).includes('--json')
  const io: Io = { ...streams, json, table }
  try {
    return { code: await runCommand(argv, io) }
  } catch (error) {
    return { code: reportFailure(error, io), failed: true }
  }
}

async function runCommand (argv: readonly string[], io: Io): Promise<number | undefined> {
  const [first = 'serve', ...rest] = argv
  const topic = first === 'help' ? rest.find(word => !isOption(word)) : undefined
  if (topic !== undefined) return print((await find(topic).load()).usage, io)
  if (first === 'help' || isHelp(first)) return print(help(), io)
  if (['--version', '-v', '-V'].includes(first)) return await runCommand(['version', ...rest], io)
  const isFile = /\.ya?ml$/i.test(first) // `camgate cameras.yaml` means `camgate serve cameras.yaml`
  const [name, args] = isOption(first) || isFile ? ['serve', argv] : [first, rest]
  const { usage, options, operands, run } = await find(name).load()
  if (optionsOf(args).some(isHelp)) return print(usage, io)
  return await run(parseOptions(args, { ...options, json: { type: 'boolean' } }, usage, operands !== undefined), io)
}

function print (text: string, { stdout }: Io): undefined {
  stdout.write(text)
}

function find (name: string): Entry {
  const entry = table.find(entry => entry.name === name)
  if (entry) return entry
  const near = nearest(name, [...names, 'help'])
  throw new CamgateError('USAGE', `There is no command ${JSON.stringify(name)}${near ? `; did you mean camgate ${near}?` : '.'}\n\n${help()}`)
}

const isOption = (word: string) => word.startsWith('-') && word !== '-'
const isHelp = (word: string) => word === '--help' || word === '-h'
/** Words after `--` are operands, whatever they look like. */
const optionsOf = (args: readonly string[]) => args.includes('--') ? args.slice(0, args.indexOf('--')) : args
