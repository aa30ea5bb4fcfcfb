import { Type, type Static } from 'typebox'
import type { Credentials, Dialect, PipedInput, Transport } from './source.js'
import { encode, settleUrl, shownUrl } from './url.js'

const example = 'rtsp://192.168.1.20:554/stream1'

export const RtspSchema = Type.Object({
  type: Type.Literal('rtsp'),
  url: Type.String({
    minLength: 1,
    description: "The camera's RTSP address, as its manual gives it.",
    examples: [example]
  }),
  allowSelfSigned: Type.Optional(Type.Boolean({
    default: false, description: 'For rtsps://: whether a certificate will do that nobody vouches for, as most cameras have. The way is then encrypted, but nobody knows to whom.'
  }))
}, { additionalProperties: false, description: 'A camera that speaks RTSP, or RTSP within TLS.' })

/** `url` carries no credentials and nothing but printable ASCII without quotes. */
export type RtspSource = Static<typeof RtspSchema>

/** Whether the way to the camera is encrypted. */
export const withinTls = ({ url }: RtspSource): boolean => url.startsWith('rtsps:')

const longestUserinfo = 127

/**
 * Takes the credentials out of an RTSP URL and decodes them.
 *
 * @throws {SourceError} whose message quotes nothing of the URL, because any part of it may be a secret.
 */
export function settleRtsp ({ url, allowSelfSigned }: Omit<RtspSource, 'type'>): { source: RtspSource, credentials?: Credentials } {
  const { url: bare, credentials } = settleUrl(url, { schemes: ['rtsp', 'rtsps'], name: 'an RTSP URL', example })
  return { source: { type: 'rtsp', ...allowSelfSigned && { allowSelfSigned }, url: bare }, ...credentials && { credentials } }
}

/** Says in a sentence why these credentials could not be sent, by ffmpeg if it is to read the camera; undefined if they can. */
export function credentialsProblem ({ username, password }: Credentials, byFfmpeg: boolean): string | undefined {
  if (username.includes(':')) return "a username cannot hold ':', which is where the password begins"
  if (`${username}${password}`.includes('\0')) return 'a username or password cannot hold the character NUL'
  // ffmpeg cuts off what is longer (char auth[128] in libavformat/rtsp.c), and a wrong password locks the account.
  if (byFfmpeg && Buffer.byteLength(encodeUserinfo({ username, password })) > longestUserinfo) {
    return `username and password are too long together: ffmpeg sends at most ${longestUserinfo} bytes, ` +
      "where : / ? # @ % ' \\ and blanks count three; ingest: direct does without it"
  }
  return undefined
}

/** The address for logs, JSON and pages. */
export const rtspLabel = ({ url }: RtspSource): string => shownUrl(url)

/** ffmpeg is given an ffconcat script on stdin, because every user of the machine can read its arguments. */
export function rtspInput (
  camera: { source: RtspSource, credentials?: Credentials | undefined, transport: Transport, fps?: number }, dialect: Dialect
): PipedInput {
  const { source, credentials, transport, fps = 20 } = camera
  const userinfo = credentials ? `${encodeUserinfo(credentials)}@` : ''
  // A camera begins with a key frame. Probing would hold it back until it knows the frame rate, which we do not need, and
  // `-fflags nobuffer` would throw it away: both make the first picture wait for the next key frame, and neither later ones.
  const unprobed = { probesize: '32', fpsprobesize: '0' }
  // Below camera/watchdog.ts's limit, so that ffmpeg has the time to say what it is; a slow camera is silent between two pictures.
  const options = {
    ...unprobed,
    ...transport === 'auto' ? { rtsp_transport: 'tcp+udp', rtsp_flags: 'prefer_tcp' } : { rtsp_transport: transport },
    allowed_media_types: 'video',
    [dialect.socketTimeout]: String(1e6 * Math.max(8, Math.ceil(4 / fps))) // microseconds
  }
  return {
    args: [
      '-flags', 'low_delay', '-threads', '1', ...Object.entries(unprobed).flatMap(([name, value]) => [`-${name}`, value]),
      '-f', 'concat', '-safe', '0', '-protocol_whitelist', 'pipe,rtsp,tcp,rtp,udp,file,fd'
    ],
    stdin: [
      'ffconcat version 1.0',
      `file '${source.url.replace('://', () => `://${userinfo}`)}'`, // holds no quote: all of them are encoded
      ...Object.entries(options).map(([name, value]) => `option ${name} ${value}`),
      ''
    ].join('\n')
  }
}

// Only what ends or splits a userinfo or a quoted line is encoded: other bytes go as they are, three times as many fit.
const encodeUserinfo = ({ username, password }: Credentials): string =>
  [username, password].map(part => encode(part, /[\0-\x20\x7f:/?#@%'\\]/g)).join(':')
