import { redact } from '../text/redact.js'
import { Framing } from './framing.js'
import { blankEnd, headOf, limit, parseHeaders, syntax, type HeadLimits, type Headers } from './head.js'

export type { Headers } from './head.js'
export interface RtspRequest { kind: 'request'; method: string; url: string; headers: Headers; body: Buffer }
export interface RtspResponse { kind: 'response'; status: number; reason: string; headers: Headers; body: Buffer }
/** A packet between the messages (RFC 2326 section 10.12), usually RTP on even channels and RTCP on odd ones. */
export interface Interleaved { kind: 'interleaved'; channel: number; payload: Buffer }
export type RtspMessage = RtspRequest | RtspResponse | Interleaved

export interface RtspLimits extends HeadLimits { bodyBytes: number }
export const rtspLimits: RtspLimits = { headerBytes: 16_384, headers: 64, bodyBytes: 65_536 }

/**
 * Parses RTSP/1.0 (RFC 2326) that arrives in chunks of any size. Payloads and bodies are views of the pushed chunk, or of one
 * copy if the message came in several. Buffers at most one incomplete message.
 */
export class RtspParser {
  readonly #limits: RtspLimits
  readonly #framing = new Framing()
  #chunks: Buffer[] = []
  #length = 0
  #missing: Missing = { bytes: 1 }

  constructor (limits: RtspLimits = rtspLimits) {
    this.#limits = limits
  }

  /** Yields the messages that the chunk completes. Throws RTSP_SYNTAX, RTSP_LIMIT or RTSP_FRAMING; the parser cannot be used after that. */
  * push (chunk: Buffer): Generator<RtspMessage, void, void> {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (!this.#mayComplete(chunk)) return
    for (let message = this.#next(); message !== null; message = this.#next()) yield message
  }

  /** Whether the chunk can complete a message. Parsing costs a copy: this allows at most one for each header line, and one for a body. */
  #mayComplete (chunk: Buffer): boolean {
    if (this.#missing !== 'line') return this.#length >= this.#missing.bytes
    return chunk.includes(10) || this.#length > this.#limits.headerBytes
  }

  #next (): RtspMessage | null {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    const blanks = blankEnd(bytes)
    const { skip, missing } = this.#framing.next(bytes.subarray(blanks))
    const start = blanks + skip
    const found: Taken = missing === undefined ? takeMessage(bytes.subarray(start), this.#limits) : { message: null, missing: { bytes: missing } }
    if (found.message?.kind === 'interleaved') this.#framing.add(found.message.channel)
    const rest = bytes.subarray(start + (found.message === null ? 0 : found.size))
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#length = rest.length
    this.#missing = found.message === null ? found.missing : { bytes: 1 }
    return found.message
  }
}

/** What an incomplete message needs: this many bytes in all, or another line. */
type Missing = { bytes: number } | 'line'
type Taken = { message: RtspMessage; size: number } | { message: null; missing: Missing }

function takeMessage (bytes: Buffer, limits: RtspLimits): Taken {
  if (bytes[0] === 0x24) {
    const size = bytes.length < 4 ? 4 : 4 + bytes.readUInt16BE(2)
    if (bytes.length < size) return { message: null, missing: { bytes: size } }
    return { message: { kind: 'interleaved', channel: bytes.readUInt8(1), payload: bytes.subarray(4, size) }, size }
  }
  const head = headOf(bytes, limits, 'RTSP')
  if (head === null) return { message: null, missing: bytes.length === 0 ? { bytes: 1 } : 'line' }
  const [first = '', ...lines] = head.lines
  const headers = parseHeaders(lines, 'RTSP')
  const size = head.size + bodyLength(headers, limits)
  if (bytes.length < size) return { message: null, missing: { bytes: size } }
  return { message: { ...parseFirstLine(first), headers, body: bytes.subarray(head.size, size) }, size }
}

function parseFirstLine (line: string) {
  const request = /^([A-Z_]+) (\S+) RTSP\/1\.\d$/.exec(line)
  if (request) return { kind: 'request' as const, method: request[1]!, url: request[2]! }
  const response = /^RTSP\/1\.\d (\d{3})(?: (.*))?$/.exec(line)
  if (response) return { kind: 'response' as const, status: Number(response[1]), reason: Buffer.from(response[2] ?? '', 'latin1').toString() }
  // Quotes only the beginning: a URL in the line may contain a password.
  throw syntax('RTSP', `expected a request or a response of RTSP/1.0, received ${JSON.stringify(redact(line).slice(0, 8))}…`)
}

function bodyLength (headers: Headers, limits: RtspLimits): number {
  const text = headers.get('content-length')?.[0] ?? '0'
  if (!/^\d{1,15}$/.test(text)) throw syntax('RTSP', `expected Content-Length to be a number of bytes, received ${JSON.stringify(redact(text).slice(0, 20))}`)
  if (Number(text) > limits.bodyBytes) throw limit('RTSP', `${limits.bodyBytes} bytes of body`)
  return Number(text)
}
