import { Type, type Static } from 'typebox'
import type { Credentials } from '../credentials.js'
import { normalizeUrl, shownUrl } from './url.js'

const example = 'http://192.168.1.20/video.mjpg'

const kind = <const Name extends string>(type: Name, description: string) => Type.Object({
  type: Type.Literal(type),
  url: Type.String({ minLength: 1, description: "The camera's HTTP address, as its manual gives it.", examples: [example] }),
  allowSelfSigned: Type.Optional(Type.Boolean({
    default: false, description: 'For https://: whether to accept a certificate that the camera signed itself, as most cameras do. The connection is then encrypted, but nothing proves that the camera is at its other end.'
  }))
}, { additionalProperties: false, description })

export const HttpSchemas = [
  kind('http', 'A camera that sends JPEGs over HTTP: camgate finds out from the answer whether they come one after the other or one for each request.'),
  kind('http-mjpeg', 'A camera that answers one request with JPEGs without end (multipart/x-mixed-replace), or another camgate.'),
  kind('http-jpeg', 'A camera that answers each request with one JPEG: camgate asks at most fps times a second.')
] as const

/** `url` carries no credentials and nothing but printable ASCII without quotes. */
export type HttpSource = Static<typeof HttpSchemas[number]>

/**
 * Takes the credentials out of an HTTP URL and decodes them.
 *
 * @throws {SourceError} The message never quotes the URL, because any part may be secret.
 */
export function normalizeHttp ({ type, url: written, allowSelfSigned }: HttpSource): { source: HttpSource, credentials?: Credentials } {
  const { url, credentials } = normalizeUrl(written, { schemes: ['http', 'https'], name: 'an HTTP URL', example })
  return { source: { type, ...allowSelfSigned && { allowSelfSigned }, url }, ...credentials && { credentials } }
}

/** The address for logs, JSON and pages. */
export const httpLabel = ({ url }: HttpSource): string => shownUrl(url)
