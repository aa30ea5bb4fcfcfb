import { blankEnd, headOf, limit, parseHeaders, syntax, type Headers } from '../rtsp/head.js'

/** An answer without its body. */
export interface HttpHead {
  readonly status: number
  /** In the camera's own words. */
  readonly reason: string
  readonly headers: Headers
  /** Whether the camera keeps the connection open for another request. */
  readonly keeps: boolean
}

/** How a body ends: after a number of bytes, with its last chunk, or with the connection. */
export type BodyFraming = { readonly kind: 'length', readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'close' }

const limits = { headerBytes: 16_384, headers: 128 }

/** Parses a head at the beginning of `bytes`, and tolerates harmless mistakes. Null while it is incomplete. Throws HTTP_SYNTAX, HTTP_LIMIT. */
export function takeHead (bytes: Buffer): { head: HttpHead, size: number } | null {
  const start = blankEnd(bytes)
  const found = headOf(bytes.subarray(start), limits, 'HTTP')
  if (!found && bytes.length - start < 5) return null
  if (!/^HTTP\//i.test(bytes.toString('latin1', start, start + 5))) throw syntax('HTTP', 'the answer does not begin with HTTP/1')
  if (!found) return null
  const [first = '', ...lines] = found.lines
  const [, minor, status, reason = ''] = /^HTTP\/1\.(\d)\s+(\d{3})(?:\s+(.*))?$/i.exec(first) ?? []
  if (status === undefined) throw syntax('HTTP', 'the answer does not begin with a status')
  const headers = parseHeaders(lines.filter(line => /^[ \t]|:/.test(line)), 'HTTP') // like browsers, we skip a line without a name
  const connection = headers.get('connection')?.join(',') ?? ''
  const keeps = minor === '0' ? /\bkeep-alive\b/i.test(connection) : !/\bclose\b/i.test(connection)
  return { head: { status: Number(status), reason: Buffer.from(reason, 'latin1').toString(), headers, keeps }, size: start + found.size }
}

/** RFC 9112 section 6.3. Ignores an invalid Content-Length, or several that differ, as browsers do: some cameras send -1. */
export function framingOf ({ status, headers }: Pick<HttpHead, 'status' | 'headers'>): BodyFraming {
  if (status === 204 || status === 304) return { kind: 'length', bytes: 0 }
  if (/\bchunked\b/i.test(headers.get('transfer-encoding')?.join(',') ?? '')) return { kind: 'chunked' }
  const lengths = headers.get('content-length')?.flatMap(value => value.split(',')).map(text => text.trim()) ?? []
  const [length = ''] = lengths
  if (!/^\d{1,15}$/.test(length) || lengths.some(text => Number(text) !== Number(length))) return { kind: 'close' }
  return { kind: 'length', bytes: Number(length) }
}

/** The first value of a header. */
export const headerOf = ({ headers }: Pick<HttpHead, 'headers'>, name: string): string | undefined => headers.get(name)?.[0]

/** Nothing else bounds a flood of 1xx answers. */
export const tooManyInterim = () => limit('HTTP', 'a few announcements (1xx)')
