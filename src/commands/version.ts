import { answer, type Io } from '../cli/command.js'
import { version } from '../package.js'

export const usage = `camgate version

Prints the version, as --version, -v and -V do. --json: { version, node }.

  camgate version
`
export const options = {} as const

export async function run (_parsed: unknown, io: Io): Promise<undefined> {
  answer(io, `${version}\n`, { version, node: process.versions.node })
}
