import type { CamgateError } from '../errors.js'
import { sizeTooSmallForCrop } from '../ffmpeg/filters.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import { refusedSize, tooLargeSentence } from '../picture-size.js'

/** Why a camera shows no picture. */
export type FailureCode =
  | 'auth' | 'not-found' | 'refused' | 'unreachable' | 'dns' | 'busy' | 'unsupported'
  | 'stalled' | 'bad-stream' | 'no-ffmpeg' | 'no-program' | 'no-device' | 'not-permitted' | 'exited'

/** `message` is for the person in front of the page: what happened and what to do. It holds no credential. */
export interface Failure { readonly code: FailureCode, readonly message: string }

const sentences: Record<Exclude<FailureCode, 'no-program' | 'no-device' | 'not-permitted' | 'exited' | 'bad-stream'>, string> = {
  auth: 'The camera refuses this username or password. Check both in cameras.yaml; the next try is in five minutes, because cameras lock accounts.',
  'not-found': 'The camera knows no stream at this path. Check the path and the channel in its URL.',
  refused: 'Nothing answers at this address and port. Check that the camera is on, and that RTSP is enabled on this port.',
  unreachable: 'The camera cannot be reached. Check its power, its cable and its address.',
  dns: 'The camera\'s host name is unknown. Check its spelling, or use its IP address.',
  busy: 'The camera serves no more viewers. Close other programs that watch it.',
  unsupported: 'The camera does not offer what was asked for. Try another transport, or another of its streams.',
  stalled: 'The camera sends no pictures. It may be overloaded or its network too slow; it is asked again.',
  'no-ffmpeg': 'ffmpeg is not there or cannot be run. Install it, or set FFMPEG_PATH.'
}

export const failure = (code: keyof typeof sentences): Failure => ({ code, message: sentences[code] })

export function badStream (what: string): Failure {
  const size = refusedSize(what)
  if (size) return { code: 'unsupported', message: tooLargeSentence(size) }
  return { code: 'bad-stream', message: `The camera's stream cannot be read: ${what.replace(/\.+$/, '')}.` }
}

/** What it means that camgate itself cannot read what a camera sends. */
export const unreadable = ({ code, message }: CamgateError): Failure => code === 'PICTURE_TOO_LARGE' ? { code: 'unsupported', message } : badStream(message)

/** What kept ffmpeg from being started: there is none, or the machine has run out of something. */
function spawnFailure (error: string): Failure {
  const lacks = exhausted[error]
  if (!lacks) return failure('no-ffmpeg')
  return { code: 'no-ffmpeg', message: `ffmpeg cannot be started, because there is no ${lacks} left (${error}). Fewer viewers or cameras, or a higher limit, will help; it is tried again.` }
}

const exhausted: Readonly<Record<string, string>> = {
  EMFILE: 'file descriptor for camgate (ulimit -n)',
  ENFILE: 'file descriptor on this machine',
  EAGAIN: 'process for this user (ulimit -u)',
  ENOMEM: 'memory on this machine'
}

/** First match wins, over all lines: what ffmpeg 4.4 to 8 print, and libc's words for errno. */
const signs: ReadonlyArray<readonly [RegExp, keyof typeof sentences]> = [
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
export function classify (exit: FfmpegExit, hadFrames: boolean): Failure {
  if (exit.spawnError) return spawnFailure(exit.spawnError)
  const size = sizeTooSmallForCrop(exit.stderr)
  if (size) {
    return { code: 'unsupported', message: `The crop lies outside of the camera's picture of ${size.width}x${size.height}. Correct crop in cameras.yaml, or the size in the camera.` }
  }
  const vast = exit.stderr.find(refusedSize)
  if (vast) return badStream(vast)
  for (const [sign, code] of signs) {
    if (exit.stderr.some(line => sign.test(line))) return failure(code)
  }
  const said = complaintIn(exit.stderr)
  if (said && !hadFrames) return badStream(said)
  if (exit.code === 0 || exit.code === null) {
    return {
      code: 'exited',
      message: exit.signal
        ? `ffmpeg was ended by ${exit.signal}; it is started again.`
        : `The camera ended the stream${hadFrames ? '' : ' before its first picture'}; it is asked again.`
    }
  }
  return { code: 'exited', message: `ffmpeg exited with code ${exit.code}${said ? `: ${said.replace(/\.+$/, '')}` : ''}.` }
}
