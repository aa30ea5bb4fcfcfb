import { Type, type Static } from 'typebox'
import type { Credentials } from '../credentials.js'
import type { Dialect, PipedInput, Transport } from './source.js'
import { settleUrl, shownUrl } from './url.js'

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

/**
 * Takes the credentials out of an RTSP URL and decodes them.
 *
 * @throws {SourceError} whose message quotes nothing of the URL, because any part of it may be a secret.
 */
export function settleRtsp ({ url, allowSelfSigned }: Omit<RtspSource, 'type'>): { source: RtspSource, credentials?: Credentials } {
  const { url: bare, credentials } = settleUrl(url, { schemes: ['rtsp', 'rtsps'], name: 'an RTSP URL', example })
  return { source: { type: 'rtsp', ...allowSelfSigned && { allowSelfSigned }, url: bare }, ...credentials && { credentials } }
}

/** Says in a sentence why these credentials could not be sent; undefined if they can. */
export function credentialsProblem ({ username, password }: Credentials): string | undefined {
  if (username.includes(':')) return "a username cannot hold ':', which is where the password begins"
  if (`${username}${password}`.includes('\0')) return 'a username or password cannot hold the character NUL'
  return undefined
}

/** The address for logs, JSON and pages. */
export const rtspLabel = ({ url }: RtspSource): string => shownUrl(url)

/**
 * ffmpeg reads a relay of ours (`rtsp-client/relay.ts`), so there is no password to give. The address goes in by an ffconcat script on stdin all the
 * same: it holds the relay's secret, and every user of the machine can read ffmpeg's arguments.
 */
export function rtspInput ({ source, transport, fps = 20 }: { source: RtspSource, transport: Transport, fps?: number }, dialect: Dialect): PipedInput {
  // A camera begins with a key frame. Probing would hold it back until it knows the frame rate, which we do not need, and
  // `-fflags nobuffer` would throw it away: both make the first picture wait for the next key frame, and neither later ones.
  const unprobed = { probesize: '32', fpsprobesize: '0' }
  // Below lifecycle/watchdog.ts's limit, so that ffmpeg has the time to say what it is; a slow camera is silent between two pictures.
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
      `file '${source.url}'`, // holds no quote: all of them are encoded
      ...Object.entries(options).map(([name, value]) => `option ${name} ${value}`),
      ''
    ].join('\n')
  }
}
