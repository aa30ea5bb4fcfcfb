import type { Failure } from '../failure/failure.js'
import { badStream, defectFailure, endedStream, failure, withoutFullStop, type SharedCode } from '../failure/sentences.js'
import { unnamed, type Target } from '../failure/target.js'
import { refusedSize, tooLargeSentence } from '../picture-size.js'
import { sizeTooSmallForCrop } from './filters.js'
import type { FfmpegExit } from './process.js'

/** Explains an exit of ffmpeg. The exit code alone means little: it is 0 after a stall timeout, for a dead server and for a cut stream. */
export function ffmpegFailure (exit: FfmpegExit, hadPictures: boolean, target: Target = unnamed): Failure {
  if (exit.defect) return defectFailure(exit.defect)
  if (exit.spawnError) return spawnFailure(exit.spawnError)
  return cameraFailure(exit.stderr, target) ?? exitFailure(exit, hadPictures)
}

/** The failure that a running ffmpeg has reported so far, if any. */
export function failureSoFar (stderr: readonly string[]): Failure | undefined {
  const words = lastErrorIn(stderr)
  return words === undefined ? undefined : { ...failureFor(words), notUnderstood: words }
}

/** The last line that ffmpeg marked as an error: `[h264 @ 0x55d] [error] no frame!` becomes "no frame!". A refused size takes precedence, because it causes the lines after it. */
export function lastErrorIn (stderr: readonly string[]): string | undefined {
  const line = stderr.findLast(refusedSize) ?? stderr.findLast(line => ERROR.test(line) && !WITHOUT_REASON.test(line))
  return line === undefined ? undefined : withoutFullStop(line.replace(ERROR, '$1'))
}

const ERROR = /^(?:\[[^\]]* @ \w+\] )*\[(?:error|fatal|panic)\] (\S.*)/
/** `Error initializing output stream 1:0 -- `, which follows the line that has the reason. */
const WITHOUT_REASON = / --\s*$/

function failureFor (words: string): Failure {
  const size = refusedSize(words)
  if (size) return { code: 'unsupported', message: tooLargeSentence(size) }
  if (/matches no streams/.test(words)) return { code: 'unsupported', message: 'There is no video in what the camera sends. Try another of its streams.' } // caused by our `-map 0:v:0`
  return badStream(words)
}

/** ffmpeg could not be started: it is missing, or the machine has run out of something. */
function spawnFailure (error: string): Failure {
  const lacks = exhausted[error]
  if (!lacks) return failure('no-ffmpeg')
  return { code: 'no-ffmpeg', message: `ffmpeg cannot be started, because there is no ${lacks} left (${error}). Fewer viewers or cameras, or a higher limit, will help.` }
}

const exhausted: Readonly<Record<string, string>> = {
  EMFILE: 'file descriptor for camgate (ulimit -n)',
  ENFILE: 'file descriptor on this machine',
  EAGAIN: 'process for this user (ulimit -u)',
  ENOMEM: 'memory on this machine'
}

/** The first match in any line wins. The patterns cover ffmpeg 4.4 to 8, and libc's words for errno. */
const signs: ReadonlyArray<readonly [RegExp, SharedCode]> = [
  [/(failed:|returned) 40[13]|authorization failed/i, 'auth'],
  [/(failed:|returned) 404/i, 'not-found'],
  [/(failed:|returned) (453|503)/i, 'busy'],
  [/(failed:|returned) 461|Nonmatching transport|Protocol not supported|Option not found/i, 'unsupported'],
  [/Connection refused/i, 'refused'],
  [/Failed to resolve hostname|Name or service not known|Temporary failure in name resolution/i, 'dns'],
  [/No route to host|Network is unreachable|Host is down|Connection to \S+ failed:/i, 'unreachable'], // the wording for firewalls and black holes varies
  [/(failed:|returned) [345][\dX]{2}/i, 'unsupported'], // any other refusal
  [/(Connection|Operation) timed out|Impossible to open 'rtsp/i, 'stalled'] // it accepted the connection and never answered
]

/** The camera's part in the failure, if ffmpeg's lines show it. */
function cameraFailure (stderr: readonly string[], target: Target): Failure | undefined {
  const size = sizeTooSmallForCrop(stderr)
  if (size) {
    return { code: 'unsupported', message: `The crop lies outside of the camera's picture of ${size.width}x${size.height}. Correct crop in cameras.yaml, or the size in the camera.` }
  }
  const tooLarge = stderr.find(refusedSize)
  if (tooLarge !== undefined) return failureFor(tooLarge)
  const [, code] = signs.find(([sign]) => stderr.some(line => sign.test(line))) ?? []
  return code && failure(code, target)
}

function exitFailure ({ code, signal, stderr }: FfmpegExit, hadPictures: boolean): Failure {
  const words = lastErrorIn(stderr)
  const fault = code === 0 ? {} : { decoderFault: true } as const
  if (words !== undefined && !hadPictures) {
    const failure = failureFor(words)
    return failure.code === 'bad-stream' ? { ...failure, ...fault } : failure
  }
  if (signal) return { code: 'exited', message: `ffmpeg was ended by ${signal}.`, ...fault }
  if (code === 0 || code === null) return { ...endedStream(hadPictures), ...fault }
  return { code: 'exited', message: `ffmpeg exited with code ${code}${words === undefined ? '' : `: ${words}`}.`, ...fault }
}
