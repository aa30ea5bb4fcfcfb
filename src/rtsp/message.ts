import { redact } from '../text/redact.js'
import { FRAME_HEADER_BYTES, Framing } from './framing.js'
import { blankEnd, headOf, limit, parseHeaders, syntax, type HeadLimits, type Headers } from './head.js'

export type { Headers } from './head.js'
export interface RtspRequest { kind: 'request'; method: string; url: string; headers: Headers; body: Buffer }
export interface RtspResponse { kind: 'response'; status: number; reason: string; headers: Headers; body: Buffer }
/** A packet between the messages (RFC 2326 section 10.12), usually RTP on even channels and RTCP on odd ones. */
export interface Interleaved { kind: 'interleaved'; channel: number; payload: Buffer }
export type RtspMessage = RtspRequest | RtspResponse | Interleaved

export interface RtspLimits extends HeadLimits { bodyBytes: number }
export const rtspLimits: RtspLimits = { headerBytes: 16_384, headers: 64, bodyBytes: 65_536 }

/** Enough for most key pictures. A larger message gets a larger buffer. */
const BUFFER_BYTES = 65_536
const PACKET_START = 0x24

/**
 * Parses RTSP/1.0 (RFC 2326) that arrives in pieces of any size. It owns the buffer into which they are received, so packets need no memory of
 * their own: payloads are views of it, valid until the next piece. Bodies are copies. Buffers at most one incomplete message.
 */
export class RtspParser {
  readonly #limits: RtspLimits
  readonly #framing = new Framing()
  #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  /** Of the bytes in the buffer: the next message starts at `#start`. */
  #start = 0
  #end = 0
  /** What the next message needs before parsing it is worth the time: this many bytes in all, or another line. */
  #missing: number | 'line' = 1

  constructor (limits: RtspLimits = rtspLimits) {
    this.#limits = limits
  }

  /** Where to put the next bytes. Never empty. */
  get space (): Buffer {
    return this.#buffer.subarray(this.#end)
  }

  /**
   * Accepts the first `count` bytes of `space`, and yields the messages that they complete.
   * Throws RTSP_SYNTAX, RTSP_LIMIT or RTSP_FRAMING; the parser cannot be used after that.
   */
  * received (count: number): Generator<RtspMessage, void, void> {
    const before = this.#end
    this.#end += count
    const bytes = this.#buffer.subarray(0, this.#end)
    if (!this.#mayComplete(bytes, before)) return
    for (let message = this.#next(bytes); message !== null; message = this.#next(bytes)) yield message
    this.#moveToFront()
  }

  /** Copies the chunk into `space`. */
  * push (chunk: Buffer): Generator<RtspMessage, void, void> {
    for (let at = 0; at < chunk.length;) {
      const count = chunk.copy(this.space, 0, at)
      at += count
      yield * this.received(count)
    }
  }

  /** Whether the bytes from `before` on can complete a message. */
  #mayComplete (bytes: Buffer, before: number): boolean {
    if (this.#missing !== 'line') return bytes.length >= this.#missing
    return bytes.includes(10, before) || bytes.length > this.#limits.headerBytes
  }

  #next (bytes: Buffer): RtspMessage | null {
    const start = blankEnd(bytes, this.#start)
    const { skip, missing } = this.#framing.next(bytes, start)
    this.#start = start + skip
    if (missing !== undefined) return this.#wait(missing)
    return bytes[this.#start] === PACKET_START ? this.#nextPacket(bytes) : this.#nextMessage(bytes)
  }

  #nextPacket (bytes: Buffer): Interleaved | null {
    const payloadAt = this.#start + FRAME_HEADER_BYTES
    if (payloadAt > bytes.length) return this.#wait(FRAME_HEADER_BYTES)
    const size = bytes.readUInt16BE(this.#start + 2)
    if (payloadAt + size > bytes.length) return this.#wait(FRAME_HEADER_BYTES + size)
    const channel = bytes.readUInt8(this.#start + 1)
    this.#framing.add(channel)
    this.#start = payloadAt + size
    return { kind: 'interleaved', channel, payload: bytes.subarray(payloadAt, payloadAt + size) }
  }

  #nextMessage (bytes: Buffer): RtspMessage | null {
    const rest = bytes.subarray(this.#start)
    const head = headOf(rest, this.#limits, 'RTSP')
    if (head === null) return this.#wait(rest.length === 0 ? 1 : 'line')
    const [first = '', ...lines] = head.lines
    const headers = parseHeaders(lines, 'RTSP')
    const size = head.size + bodyLength(headers, this.#limits)
    if (rest.length < size) return this.#wait(size)
    this.#start += size
    return { ...parseFirstLine(first), headers, body: Buffer.from(rest.subarray(head.size, size)) }
  }

  #wait (missing: number | 'line'): null {
    this.#missing = missing
    return null
  }

  /** Moves the incomplete message, usually a part of a packet, to where the next bytes will follow it. */
  #moveToFront (): void {
    const needed = this.#missing === 'line' ? this.#limits.headerBytes + 1 : this.#missing
    const buffer = needed > this.#buffer.length ? Buffer.allocUnsafeSlow(needed) : this.#buffer
    this.#end = this.#buffer.copy(buffer, 0, this.#start, this.#end)
    this.#start = 0
    this.#buffer = buffer
  }
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
