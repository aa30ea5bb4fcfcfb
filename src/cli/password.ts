import type { Credentials } from '../credentials.js'
import { hashPassword } from '../logins/password.js'
import { CamgateError } from '../errors.js'
import { isPrintable } from '../text/printable.js'
import type { Io } from './command.js'
import { Questions, type QuestionStreams } from './terminal/questions.js'

export interface PasswordStreams extends QuestionStreams {
  readonly stdout: NodeJS.WritableStream
  readonly json: boolean
}

/** Asks for a password and prints its hash. @throws {CamgateError} USAGE */
export async function makePasswordHash ({ stdin, stdout, stderr, json }: PasswordStreams, interrupt?: () => void): Promise<void> {
  const hash = await hashOfTyped(await readPassword({ stdin, stderr }, TWICE, interrupt))
  stdout.write(json ? `${JSON.stringify({ hash })}\n` : `${hash}\n`)
  if (!json) stderr.write(`\nIn cameras.yaml:\n\nserver:\n  auth:\n    users:\n      NAME:\n        password: "${hash}"\n        right: view      # or control: start and stop cameras; or admin\n        cameras: all     # or a list of ids: [1, gate]\n`)
}

/** The prompts for a new password. */
export const TWICE = ['Password: ', 'The same again: '] as const

/** Hashes a password for a login. @throws {CamgateError} USAGE if nobody could type it */
export async function hashOfTyped (password: string): Promise<string> {
  if (password === '') throw new CamgateError('USAGE', 'The password is empty. Without a terminal (docker run -it has one), give it as one line on the standard input.')
  if (!isPrintable(password)) throw new CamgateError('USAGE', 'The password contains characters that nobody can type into a login, such as control characters: choose another.')
  return await hashPassword(password)
}

/** The first line of the input. A terminal is asked with each of these prompts, expects the same answer to all, and shows nothing of what is typed. @throws {CamgateError} USAGE */
export async function readPassword (streams: QuestionStreams, prompts: readonly string[], interrupt?: () => void): Promise<string> {
  const questions = new Questions(streams, interrupt)
  try {
    return await passwordFrom(questions, prompts)
  } finally {
    questions.close()
  }
}

/** The same among other questions. */
export async function passwordFrom (questions: Questions, prompts: readonly string[]): Promise<string> {
  const [first = '', ...again] = questions.isTerminal ? prompts : prompts.slice(0, 1)
  const password = await questions.askSecret(first) ?? ''
  for (const prompt of again) if (password !== (await questions.askSecret(prompt) ?? '')) throw new CamgateError('USAGE', 'The two passwords differ: try again.')
  return password
}

/** A user's password for cameras: CAMGATE_PASSWORD, or as `readPassword` has it. @throws {CamgateError} USAGE */
export async function askPassword (username: string, { stdin, stderr, env }: Pick<Io, 'stdin' | 'stderr' | 'env'>): Promise<Credentials> {
  return { username, password: env.CAMGATE_PASSWORD ?? await readPassword({ stdin, stderr }, [`Password of ${username}: `]) }
}
