import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { hashPassword } from '../logins/password.js'
import { CamgateError } from '../errors.js'
import { isPrintable } from '../text/printable.js'

export interface PasswordStreams {
  readonly stdin: NodeJS.ReadableStream & Pick<ReadStream, 'isTTY'>
  readonly stdout: NodeJS.WritableStream
  /** For prompts and explanations, so that stdout has the hash alone. */
  readonly stderr: NodeJS.WritableStream
  readonly json: boolean
}

/** Asks for a password and prints its hash. @throws {CamgateError} USAGE */
export async function makePasswordHash ({ stdin, stdout, stderr, json }: PasswordStreams, interrupt = interruptProcess): Promise<void> {
  const password = await readPassword({ stdin, stderr }, ['Password: ', 'The same again: '], interrupt)
  if (password === '') throw new CamgateError('USAGE', 'The password is empty. Without a terminal (docker run -it has one), give it as one line on the standard input.')
  if (!isPrintable(password)) throw new CamgateError('USAGE', 'The password contains characters that nobody can type into a login, such as control characters: choose another.')
  const hash = await hashPassword(password)
  stdout.write(json ? `${JSON.stringify({ hash })}\n` : `${hash}\n`)
  if (!json) stderr.write(`\nIn cameras.yaml:\n\nserver:\n  auth:\n    users:\n      NAME:\n        password: "${hash}"\n        right: view      # or control: start and stop cameras; or admin\n        cameras: all     # or a list of ids: [1, gate]\n`)
}

/** The first line of the input. A terminal is asked with each of these prompts, expects the same answer to all, and shows nothing of what is typed. @throws {CamgateError} USAGE */
export async function readPassword ({ stdin, stderr }: Pick<PasswordStreams, 'stdin' | 'stderr'>, prompts: readonly string[], interrupt = interruptProcess): Promise<string> {
  const nowhere = new Writable({ write (_chunk, _encoding, done) { done() } })
  const terminal = stdin.isTTY === true
  const input = createInterface({ input: stdin, output: nowhere, terminal, historySize: 0 })
  input.on('SIGINT', () => {
    input.close()
    interrupt()
  })
  const lines = input[Symbol.asyncIterator]()
  const ask = async (prompt: string) => {
    if (terminal) stderr.write(prompt)
    const { value = '' } = await lines.next() as { value?: string }
    if (terminal) stderr.write('\n')
    return value
  }
  try {
    const [first = '', ...again] = terminal ? prompts : prompts.slice(0, 1)
    const password = await ask(first)
    for (const prompt of again) if (password !== await ask(prompt)) throw new CamgateError('USAGE', 'The two passwords differ: try again.')
    return password
  } finally {
    input.close()
  }
}

/** Ends camgate as Ctrl+C does elsewhere; here it is a key, because the terminal is read key by key. */
const interruptProcess = () => { process.kill(process.pid, 'SIGINT') }
