import type { Io } from '../cli/command.js'
import type { Parsed } from '../cli/options.js'
import { makePasswordHash } from '../cli/password.js'
import { CamgateError } from '../errors.js'

export const usage = `camgate password

Asks for a password and prints its hash, for server.auth in cameras.yaml. Without a terminal it reads one line of the standard input. The password is
never an argument, because everybody on this machine can read those. --json: { hash }.

  camgate password
  echo "$PASSWORD" | camgate password --json
`
export const options = {} as const
export const operands: readonly string[] = []

export async function run ({ positionals }: Parsed<typeof options>, io: Io): Promise<undefined> {
  if (positionals.length > 0) throw new CamgateError('USAGE', 'camgate password takes no arguments, because everybody on this machine can read them: it asks for the password, or reads one line.')
  await makePasswordHash(io)
}
