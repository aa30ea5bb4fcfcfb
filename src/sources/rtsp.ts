import { Type, type Static } from 'typebox'
import type { Credentials } from '../credentials.js'
import type { Dialect, PipedInput, Transport } from './source.js'
import { normalizeUrl, shownUrl } from './url.js'

const example = 'rtsp://192.168.1.20:554/stream1'

export const RtspSchema = Type.Object({
  type: Type.Literal('rtsp'),
  url: Type.String({
    minLength: 1,
    description: "The camera's RTSP address, as its manual gives it.",
    examples: [example]
  }),
  allowSelfSigned: Type.Optional(Type.Boolean({
    default: false, description: 'For rtsps://: whether to accept a certificate that the camera signed itself, as most cameras do. The connection is then encrypted, but nothing proves that the camera is at its other end.'
  }))
}, { additionalProperties: false, description: 'A camera that speaks RTSP, or RTSP within TLS.' })

/** `url` carries no credentials and nothing but printable ASCII without quotes. */
export type RtspSource = Static<typeof RtspSchema>

/** Whether the connection to the camera is encrypted. */
export const withinTls = ({ url }: RtspSource): boolean => url.startsWith('rtsps:')

/**
 * Takes the credentials out of an RTSP URL and decodes them.
 *
 * @throws {SourceError} The message never quotes the URL, because any part may be secret.
 */
export function normalizeRtsp ({ url, allowSelfSigned }: Omit<RtspSource, 'type'>): { source: RtspSource, credentials?: Credentials } {
  const { url: bare, credentials } = normalizeUrl(url, { schemes: ['rtsp', 'rtsps'], name: 'an RTSP URL', example })
  return { source: { type: 'rtsp', ...allowSelfSigned && { allowSelfSigned }, url: bare }, ...credentials && { credentials } }
}

/** Why these credentials cannot be sent, as a clause; undefined if they can. */
export function credentialsProblem ({ username, password }: Credentials): string | undefined {
  if (username.includes(':')) return "a username cannot hold ':', which is where the password begins"
  if (`${username}${password}`.includes('\0')) return 'a username or password cannot hold the character NUL'
  return undefined
}

/** The address for logs, JSON and pages. */
export const rtspLabel = ({ url }: RtspSource): string => shownUrl(url)

/**
 * ffmpeg reads from camgate's relay (`rtsp-client/relay.ts`), so it needs no password. It still gets the address in an ffconcat script on stdin: the
 * address contains the relay's secret, and every user of the machine can read ffmpeg's arguments.
 */
export function rtspInput ({ source, transport, fps = 20 }: { source: RtspSource, transport: Transport, fps?: number }, dialect: Dialect): PipedInput {
  // A camera begins with a key frame. Probing would hold it back until ffmpeg knows the frame rate, which we do not need, and
  // `-fflags nobuffer` would drop it: with both, the first picture would wait for the next key frame.
  const unprobed = { probesize: '32', fpsprobesize: '0' }
  // Shorter than STALL_TIMEOUT_MS in lifecycle/lifecycle.ts, so that ffmpeg has time to report the cause. A slow camera is silent between two pictures.
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
      `file '${source.url}'`, // quotes in it are encoded
      ...Object.entries(options).map(([name, value]) => `option ${name} ${value}`),
      ''
    ].join('\n')
  }
}
