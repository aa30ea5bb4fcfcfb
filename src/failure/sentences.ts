import { CamgateError, defectOf } from '../errors.js'
import type { Failure } from './failure.js'
import { pathOf, portOf, unnamed, type Target } from './target.js'

/** Ends every message about refused credentials. */
export const LOCKOUT_NOTE = 'camgate tries seldom, because cameras lock accounts.'

const sentences = {
  'not-found': (target: Target) => `The camera has no stream at ${pathOf(target)}. Check the path and the channel.`,
  refused: (target: Target) => `Nothing answers at ${portOf(target)}. Check that the camera is on, and that RTSP is enabled on this port.`,
  unreachable: ({ place }: Target) => `The camera${place ? ` at ${place.host}` : ''} cannot be reached. Check its power, its cable and its address.`,
  dns: ({ place }: Target) => `The camera's host name${place ? ` ${place.host}` : ''} is unknown. Check its spelling, or use its IP address.`,
  busy: () => 'The camera serves no more viewers. Close other programs that watch it.',
  unsupported: () => 'The camera does not offer what was asked for. Try another transport, or another of its streams.',
  stalled: (target: Target) => `${cameraAt(target)} sends no pictures. It may be overloaded or its network too slow.`,
  'no-ffmpeg': () => 'ffmpeg is not there or cannot be run. Install it, or set FFMPEG_PATH.'
}

/** The codes with a message that several rooms share. */
export type SharedCode = keyof typeof sentences | 'auth'

export const failure = (code: SharedCode, target: Target = unnamed): Failure => code === 'auth' ? unauthorized(target) : { code, message: sentences[code](target) }

/** A try without credentials cannot lock an account. */
const unauthorized = ({ hasCredentials }: Target): Failure => hasCredentials
  ? { code: 'auth', locks: true, message: `The camera refuses this username or password. Check both in cameras.yaml; ${LOCKOUT_NOTE}` }
  : { code: 'auth', message: 'The camera asks for a username and password. Give username and password for this camera in cameras.yaml.' }

/** Marks the failure of an attempt that ended before the camera answered its login. Without `failure`, the attempt was stopped. */
export const unansweredLogin = (failure: Failure | undefined): Failure => failure
  ? { ...failure, unanswered: true }
  : { code: 'auth', unanswered: true, message: 'It was stopped before the camera had answered the login. By hand the camera is asked once a minute at most, because cameras lock accounts.' }

/** For a port that accepts connections and sends nothing. */
export const silent = (target: Target): Failure => ({
  code: 'stalled',
  message: `${cameraAt(target)} takes connections, but does not answer. It may be overloaded, or its pictures may be at another port.`
})

export const endedStream = (hadPictures: boolean): Failure => ({ code: 'exited', message: `The camera ended the stream${hadPictures ? '' : ' before its first picture'}.` })

/** `why` does not end in a full stop. */
export const badStream = (why: string): Failure => ({ code: 'bad-stream', message: `The camera's stream cannot be read: ${why}.` })

/** The defect's own message is for the log. */
export const defectFailure = (defect: Error): Failure => ({
  code: 'bad-stream',
  message: 'camgate cannot read this camera, because of a mistake in camgate itself. Please report it, with the error that is in the log.',
  defect
})

/** For errors of parsers without a message of their own. */
export function unreadable (thrown: unknown): Failure {
  if (!(thrown instanceof CamgateError)) return defectFailure(defectOf(thrown) ?? new Error('an unexpected error', { cause: thrown }))
  return thrown.code === 'PICTURE_TOO_LARGE' ? { code: 'unsupported', message: thrown.message } : badStream(thrown.message)
}

/** Removes the full stop of another program's words, so that they can end one of our sentences. */
export const withoutFullStop = (words: string): string => words.replace(/\.+$/, '')

const cameraAt = (target: Target): string => target.place ? `The camera at ${portOf(target)},` : 'The camera'
