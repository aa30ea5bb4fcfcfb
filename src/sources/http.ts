import { Type, type Static } from 'typebox'
import type { Credentials } from '../credentials.js'
import { isLoopback } from '../text/host.js'
import { SourceError } from './source.js'
import { normalizeUrl, shownUrl } from './url.js'

const example = 'http://192.168.1.20/video.mjpg'

const kind = <const Name extends string>(type: Name, description: string) => Type.Object({
  type: Type.Literal(type),
  url: Type.String({ minLength: 1, description: "The camera's HTTP address, as its manual gives it.", examples: [example] }),
  allowSelfSigned: Type.Optional(Type.Boolean({
    default: false, description: 'For https://: whether to accept a certificate that the camera signed itself, as most cameras do. The connection is then encrypted, but nothing proves that the camera is at its other end.'
  })),
  token: Type.Optional(Type.String({
    minLength: 1, description: 'For another camgate that asks for one: a bearer token, in place of username and password. ${BARN_TOKEN} (environment) or ${file:/run/secrets/barn} is better than plain text.' // eslint-disable-line no-template-curly-in-string -- as in the file
  })),
  allowPlainHttp: Type.Optional(Type.Boolean({
    default: false, description: 'Whether to send the token over http:// to another machine. Anybody who listens in can then read and use it.'
  }))
}, { additionalProperties: false, description })

export const HttpSchemas = [
  kind('http', 'A camera that sends JPEGs over HTTP: camgate finds out from the answer whether they come one after the other or one for each request.'),
  kind('http-mjpeg', 'A camera that answers one request with JPEGs without end (multipart/x-mixed-replace), or another camgate.'),
  kind('http-jpeg', 'A camera that answers each request with one JPEG: camgate asks at most fps times a second.')
] as const

/** `url` carries no credentials and nothing but printable ASCII without quotes. */
export type HttpSource = Static<typeof HttpSchemas[number]>

/** RFC 6750 section 2.1. */
const TOKEN = /^[\w.~+/-]+=*$/

/**
 * Takes the credentials out of an HTTP URL and decodes them.
 *
 * @throws {SourceError} The message never quotes the URL, because any part may be secret.
 */
export function normalizeHttp ({ type, url: written, allowSelfSigned, token, allowPlainHttp }: HttpSource): { source: HttpSource, credentials?: Credentials } {
  const { url, credentials } = normalizeUrl(written, { schemes: ['http', 'https'], name: 'an HTTP URL', example })
  const problem = token !== undefined && tokenProblem(token, url, credentials, allowPlainHttp)
  if (problem) throw new SourceError(problem, 'token')
  return { source: { type, ...allowSelfSigned && { allowSelfSigned }, url, ...token !== undefined && { token } }, ...credentials && { credentials } }
}

/** Why this token cannot be sent there; undefined if it can. */
function tokenProblem (token: string, url: string, credentials: Credentials | undefined, allowPlainHttp = false): string | undefined {
  if (!TOKEN.test(token)) return 'expected a token of letters, digits and - . _ ~ + /, without spaces or line breaks'
  if (credentials) return 'the URL carries credentials too; keep one of the two'
  const [, within, name] = /^http:\/\/(?:\[([^\]]+)\]|([^:/?#]+))/.exec(url) ?? []
  const host = within ?? name
  if (host === undefined || isLoopback(host) || allowPlainHttp) return undefined
  return 'over http:// anybody who listens in can read the token; write https://, or allowPlainHttp: true beside it'
}

/** How camgate proves who it is to another camgate, if not by a username and password: by a token, or by a signed URL, which is a link. */
export function proofOf ({ url, token }: { readonly url: string, readonly token?: string }): 'token' | 'link' | undefined {
  if (token !== undefined) return 'token'
  return /\?(?:.*&)?sig=/.test(url) ? 'link' : undefined
}

/** The address for logs, JSON and pages. */
export const httpLabel = ({ url }: HttpSource): string => shownUrl(url)
