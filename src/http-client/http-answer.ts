import { CamgateError } from '../errors.js'
import { quotable } from '../text/redact.js'
import { headerOf, type HttpHead } from './http-head.js'

/** The kind of an HTTP source. With `http`, the camera's answer decides. */
export type HttpKind = 'http' | 'http-mjpeg' | 'http-jpeg'

const MAX_REASON_CHARS = 64

/** The camera refused a request. `status` is the HTTP status code. */
export class HttpRefusal extends CamgateError {
  readonly status: number

  constructor ({ status, reason }: Pick<HttpHead, 'status' | 'reason'>) {
    super('HTTP_REFUSED', `The camera answers with ${status}${reason && ` ${quotable(reason, MAX_REASON_CHARS)}`}.`)
    this.status = status
  }
}

/** Cameras also send meaningless values, such as `none`. */
const COMPRESSED = /\b(gzip|deflate|compress|br|zstd)\b/i

/** Returns whether the answer is a single picture or a stream. Throws HttpRefusal, or UNSUPPORTED_CONTENT if it contains no pictures. */
export function kindOf (answer: HttpHead, wanted: HttpKind): Exclude<HttpKind, 'http'> {
  if (answer.status !== 200) throw new HttpRefusal(answer)
  const contentType = headerOf(answer, 'content-type') ?? ''
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(contentType)?.[0].toLowerCase()
  if (answer.headers.get('content-encoding')?.some(encoding => COMPRESSED.test(encoding))) throw unsupported('it answers with compressed pictures, which nobody asked for.')
  const kind = kindOfType(type)
  if (kind === undefined) throw unsupported(`it answers with ${type === 'text/html' ? 'a page' : 'something else'} (${quotable(contentType.split(';', 1)[0]!, MAX_REASON_CHARS)}), not with a picture; is the path right?`)
  if (kind === 'unknown') {
    if (wanted !== 'http') return wanted
    throw unsupported('it does not say what it sends; write type: http-mjpeg, or http-jpeg if each request is answered with one picture.')
  }
  if (wanted === 'http-mjpeg' && kind === 'http-jpeg') throw unsupported('it answers with a single picture; write type: http-jpeg.')
  return kind
}

function kindOfType (type: string | undefined): Exclude<HttpKind, 'http'> | 'unknown' | undefined {
  if (type === undefined || type === 'application/octet-stream' || /^video\/.*jpe?g$/.test(type)) return 'unknown'
  if (type.startsWith('multipart/')) return 'http-mjpeg'
  return /^image\/(p?jpe?g)$/.test(type) ? 'http-jpeg' : undefined
}

const unsupported = (what: string) => new CamgateError('UNSUPPORTED_CONTENT', `The camera sends nothing that camgate can show: ${what}`)

/** Whether the same request may succeed a little later: the camera was busy, or the network lost packets. */
export const isTransient = (error: Error & { code?: string }): boolean => error instanceof HttpRefusal
  ? error.status === 429 || error.status >= 500
  : ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'HTTP_SILENT', 'TLS_SILENT'].includes(error.code ?? '')

/** The headers that ask for the picture only if it has changed. Two pictures of the same second share a Last-Modified, so one as new as its answer is not used (RFC 9110 section 8.8.2.2). */
export function validators (answer: HttpHead): Record<string, string> {
  const [etag, modified, date] = ['etag', 'last-modified', 'date'].map(name => headerOf(answer, name))
  const sendable = (value: string | undefined): value is string => value !== undefined && /^[\x20-\x7e]{1,200}$/.test(value)
  if (sendable(etag)) return { 'If-None-Match': etag }
  return sendable(modified) && Date.parse(date ?? '') - Date.parse(modified) >= 1_000 ? { 'If-Modified-Since': modified } : {}
}

/** Why another camgate has no picture, from the state of its camera. Undefined if a picture is expected soon. */
export function upstreamProblem (state: string): CamgateError | undefined {
  switch (state) {
    case 'idle':
    case 'starting':
    case 'stopping': return undefined
    case 'expired': return new CamgateError('UPSTREAM_NO_PICTURE', 'The other camgate has ended the stream, because what camgate shows it has expired.')
    case 'revoked': return new CamgateError('UPSTREAM_NO_PICTURE', 'The other camgate has ended the stream, because its administrator has logged camgate out.')
    case 'stopped': return new CamgateError('UPSTREAM_NO_PICTURE', 'The other camgate has stopped this camera. Start it there.')
    default: return new CamgateError('UPSTREAM_NO_PICTURE', 'The other camgate has no picture of this camera itself; its page says why.')
  }
}
