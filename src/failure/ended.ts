import type { Failure } from './failure.js'
import { withoutFullStop } from './sentences.js'

/** How a program that reads a source ended. `stderr` holds its last lines, without credentials. */
export interface Ended {
  code: number | null
  signal: string | null
  stderr: readonly string[]
  /** It could not be started: `ENOENT`, `EACCES` … */
  spawnError?: string
}

const MAX_WORDS_CHARS = 200

/** The failure of a program with no better explanation than its exit, and perhaps its last `words`. */
export function endedFailure (program: string, { code, signal }: Ended, words = ''): Failure {
  const quoted = withoutFullStop(words.trim().slice(0, MAX_WORDS_CHARS))
  return { code: 'exited', message: `${program} ended ${signal ? `by ${signal}` : `with code ${code}`}${quoted && `: ${quoted}`}.` }
}
