import { basename, resolve } from 'node:path'
import { Type, type Static } from 'typebox'
import type { Failure } from '../failure/failure.js'
import { isPrintable } from '../text/printable.js'
import { endedFailure, type Ended } from '../failure/ended.js'
import { SourceError } from './source.js'

export const ExecSchema = Type.Object({
  type: Type.Literal('exec'),
  command: Type.Array(Type.String({ maxLength: 4096 }), {
    minItems: 1,
    maxItems: 200,
    description: 'The program and its arguments, one by one, without a shell. It writes JPEGs to its standard output, one after the other.',
    examples: ['[ffmpeg, -i, …, -f, mjpeg, "-"]']
  })
}, { additionalProperties: false, description: 'Any program that writes MJPEG; only where the server allows it (allowExec).' })

/** `command` begins with the program: a name, or an absolute path. */
export type ExecSource = Static<typeof ExecSchema>

/**
 * A relative path to the program starts at `folder`.
 *
 * @throws {SourceError}
 */
export function normalizeExec ({ command }: ExecSource, folder: string): ExecSource {
  const [program = '', ...args] = command
  if (program === '') throw new SourceError('the first of the list is the program, which has a name', 'command')
  if (!isPrintable(program)) throw new SourceError('the name of a program cannot hold line breaks or other control characters', 'command')
  if (command.some(part => part.includes('\0'))) throw new SourceError('a program and its arguments cannot hold the character NUL', 'command')
  return { type: 'exec', command: [program.includes('/') ? resolve(folder, program) : program, ...args] }
}

const nameOf = ({ command }: ExecSource) => basename(command[0]!)

/** Leaves out the arguments, which may hold secrets. */
export const execLabel = (source: ExecSource): string => `command ${nameOf(source)}`

/** Classifies the end of the command. */
export function execFailure (source: ExecSource, end: Ended): Failure {
  const { stderr, spawnError } = end
  const name = nameOf(source)
  if (spawnError === 'ENOENT') return { code: 'no-program', message: `There is no program ${name}. Check its spelling, or give its whole path; it is looked for in PATH.` }
  if (spawnError === 'EACCES') return { code: 'not-permitted', message: `camgate may not run ${name}. Make it executable (chmod +x) for the user that camgate runs as.` }
  if (spawnError) return { code: 'exited', message: `${name} cannot be started (${spawnError}).` }
  return endedFailure(`The command ${name}`, end, stderr.findLast(line => line.trim()))
}
