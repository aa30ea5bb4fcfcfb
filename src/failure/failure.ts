import { CamgateError, defectOf } from '../errors.js'
import { sizeTooSmallForCrop } from '../ffmpeg/filters.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import { refusedSize, tooLargeSentence } from '../picture-size.js'
import { pathOf, portOf, unnamed, type Target } from './target.js'

/** Why a camera shows no picture. */
export type FailureCode =
  | 'auth' | 'not-found' | 'refused' | 'unreachable' | 'dns' | 'busy' | 'unsupported'
  | 'stalled' | 'bad-stream' | 'no-ffmpeg' | 'no-program' | 'no-device' | 'not-permitted' | 'exited'

/** `message` is for the person in front of the page: what happened and what to do. It holds no credential, and nothing of the next try, which whoever shows it adds. */
export interface Failure {
  readonly code: FailureCode
  readonly message: string
  /** Credentials were refused: cameras lock accounts, so the next try must wait. */
  readonly locks?: true
  /** The camera has not answered our credentials: it may have refused them. */
  readonly unanswered?: true
  /** The mistake in camgate that is to blame, for the log. */
  readonly defect?: Error
}

/** Behind what is told of refused credentials. */
export const SELDOM = 'camgate tries seldom, because cameras lock accounts.'

const sentences = {
  'not-found': (asked: Target) => `The camera knows no stream at ${pathOf(asked)}. Check the path and the channel.`,
  refused: (asked: Target) => `Nothing answers at ${portOf(asked)}. Check that the camera is on, and that RTSP is enabled on this port.`,
  unreachable: ({ place }: Target) => `The camera${place ? ` at ${place.host}` : ''} cannot be reached. Check its power, its cable and its address.`,
  dns: ({ place }: Target) => `The camera's host name${place ? ` ${place.host}` : ''} is unknown. Check its spelling, or use its IP address.`,
  busy: () => 'The camera serves no more viewers. Close other programs that watch it.',
  unsupported: () => 'The camera does not offer what was asked for. Try another transport, or another of its streams.',
  stalled: (asked: Target) => `The camera${asked.place ? ` at ${portOf(asked)},` : ''} sends no pictures. It may be overloaded or its network too slow.`,
  'no-ffmpeg': () => 'ffmpeg is not there or cannot be run. Install it, or set FFMPEG_PATH.'
}

/** What `failure` has a sentence for. */
export type Plain = keyof typeof sentences | 'auth'

export const failure = (code: Plain, asked: Target = unnamed): Failure => code === 'auth' ? unauthorized(asked) : { code, message: sentences[code](asked) }

/** The camera refuses our credentials, or wants some and was given none. That costs no account. */
const unauthorized = ({ hasCredentials }: Target): Failure => hasCredentials
  ? { code: 'auth', locks: true, message: `The camera refuses this username or password. Check both in cameras.yaml; ${SELDOM}` }
  : { code: 'auth', message: 'The camera asks for a username and password. Give username and password for this camera in cameras.yaml.' }

/** Of an attempt that ended before the camera had answered its login: `isOurs` if we ended it, which the camera's failure is not about. */
export const unansweredLogin = (failure: Failure, isOurs: boolean): Failure => isOurs
  ? { code: 'auth', unanswered: true, message: 'It was stopped before the camera had answered the login. By hand the camera is asked once a minute at most, because cameras lock accounts.' }
  : { ...failure, unanswered: true }

/** Whoever listens there takes connections, and says nothing: overloaded, or not what was looked for. */
export const mute = (asked: Target): Failure => ({
  code: 'stalled',
  message: `The camera${asked.place ? ` at ${portOf(asked)},` : ''} takes connections, but does not answer. It may be overloaded, or its pictures may be at another port.`
})

export function badStream (what: string): Failure {
  const size = refusedSize(what)
  if (size) return { code: 'unsupported', message: tooLargeSentence(size) }
  if (/matches no streams/.test(what)) return { code: 'unsupported', message: 'There is no video in what the camera sends. Try another of its streams.' } // ffmpeg's, of `-map 0:v:0`
  return { code: 'bad-stream', message: `The camera's stream cannot be read: ${what.replace(/\.+$/, '')}.` }
}

/** A mistake in camgate kept a camera from being read. What it says itself is for the log. */
const defectFailure = (defect: Error): Failure => ({
  code: 'bad-stream',
  message: 'camgate cannot read this camera, because of a mistake in camgate itself. Please report it, with the error that is in the log.',
  defect
})

/** What it means that camgate itself cannot read what a camera sends. */
export function unreadable (thrown: unknown): Failure {
  if (!(thrown instanceof CamgateError)) return defectFailure(defectOf(thrown) ?? new Error('an unexpected error', { cause: thrown }))
  return thrown.code === 'PICTURE_TOO_LARGE' ? { code: 'unsupported', message: thrown.message } : badStream(thrown.message)
}

/** What kept ffmpeg from being started: there is none, or the machine has run out of something. */
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

/** First match wins, over all lines: what ffmpeg 4.4 to 8 print, and libc's words for errno. */
const signs: ReadonlyArray<readonly [RegExp, Plain]> = [
  [/(failed:|returned) 40[13]|authorization failed/i, 'auth'],
  [/(failed:|returned) 404/i, 'not-found'],
  [/(failed:|returned) (453|503)/i, 'busy'],
  [/(failed:|returned) 461|Nonmatching transport|Protocol not supported|Option not found/i, 'unsupported'],
  [/Connection refused/i, 'refused'],
  [/Failed to resolve hostname|Name or service not known|Temporary failure in name resolution/i, 'dns'],
  [/No route to host|Network is unreachable|Host is down|Connection to \S+ failed:/i, 'unreachable'], // a firewall's or a black hole's words vary
  [/(failed:|returned) [345][\dX]{2}/i, 'unsupported'], // it answers, but no: whatever else it says
  [/(Connection|Operation) timed out|Impossible to open 'rtsp/i, 'stalled'] // it took the connection and never answered
]

/** The last thing that ffmpeg called an error: `[h264 @ 0x55d] [error] no frame!` says "no frame!". What follows a refused size follows from it. */
export function complaintIn (stderr: readonly string[]): string | undefined {
  const complaint = /^(?:\[[^\]]* @ \w+\] )*\[(?:error|fatal|panic)\] (\S.*)/
  return (stderr.findLast(refusedSize) ?? stderr.findLast(line => complaint.test(line)))?.replace(complaint, '$1')
}

/** What an exit means. ffmpeg's exit code alone says nothing: it is 0 on a stall timeout, on a dead server and on a cut stream. */
export function classify (exit: FfmpegExit, hadFrames: boolean, asked: Target = unnamed): Failure {
  if (exit.defect) return defectFailure(exit.defect)
  if (exit.spawnError) return spawnFailure(exit.spawnError)
  const size = sizeTooSmallForCrop(exit.stderr)
  if (size) {
    return { code: 'unsupported', message: `The crop lies outside of the camera's picture of ${size.width}x${size.height}. Correct crop in cameras.yaml, or the size in the camera.` }
  }
  const vast = exit.stderr.find(refusedSize)
  if (vast) return badStream(vast)
  for (const [sign, code] of signs) {
    if (exit.stderr.some(line => sign.test(line))) return failure(code, asked)
  }
  const said = complaintIn(exit.stderr)
  if (said && !hadFrames) return badStream(said)
  if (exit.code === 0 || exit.code === null) {
    return {
      code: 'exited',
      message: exit.signal
        ? `ffmpeg was ended by ${exit.signal}.`
        : `The camera ended the stream${hadFrames ? '' : ' before its first picture'}.`
    }
  }
  return { code: 'exited', message: `ffmpeg exited with code ${exit.code}${said ? `: ${said.replace(/\.+$/, '')}` : ''}.` }
}
