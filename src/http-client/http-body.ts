import { CamgateError } from '../errors.js'
import type { BodyFraming } from './http-head.js'

/** Limits the line with a chunk's size and extensions. */
const MAX_CHUNK_LINE_BYTES = 256
const MAX_TRAILER_BYTES = 4_096

/** Separates a body from what follows it. The bytes may be cut anywhere. */
export interface BodyReader {
  /** Whether the whole body has arrived. */
  readonly over: boolean
  /** Yields the body's bytes. Once `over`, `rest` holds the bytes after the body. Throws HTTP_CHUNKS, after yielding the bytes before the fault. */
  take (bytes: Buffer): Iterable<Buffer>
  readonly rest: Buffer
}

export function bodyReaderOf (framing: BodyFraming): BodyReader {
  switch (framing.kind) {
    case 'length': return new Counted(framing.bytes)
    case 'chunked': return new Chunked()
    case 'close': return { over: false, rest: Buffer.alloc(0), take: bytes => [bytes] }
  }
}

class Counted implements BodyReader {
  rest: Buffer = Buffer.alloc(0)
  #left: number

  constructor (bytes: number) {
    this.#left = bytes
  }

  get over (): boolean { return this.#left === 0 }

  take (bytes: Buffer): Buffer[] {
    const own = bytes.subarray(0, this.#left)
    this.#left -= own.length
    this.rest = bytes.subarray(own.length)
    return own.length > 0 ? [own] : []
  }
}

/** RFC 9112 section 7.1. */
class Chunked implements BodyReader {
  rest: Buffer = Buffer.alloc(0)
  #phase: 'size' | 'data' | 'end' | 'trailers' | 'over' = 'size'
  #left = 0
  #line = ''
  #trailers = 0

  get over (): boolean { return this.#phase === 'over' }

  * take (bytes: Buffer): Generator<Buffer, void, void> {
    let at = 0
    while (at < bytes.length && this.#phase !== 'over') {
      if (this.#phase === 'data') {
        const own = bytes.subarray(at, at + this.#left)
        at += own.length
        this.#left -= own.length
        if (this.#left === 0) this.#phase = 'end'
        yield own
      } else at = this.#takeLine(bytes, at)
    }
    this.rest = bytes.subarray(at)
  }

  /** Reads a line, or the part of it that has arrived. Returns the position after it. */
  #takeLine (bytes: Buffer, at: number): number {
    const end = bytes.indexOf(10, at)
    const stop = end < 0 ? bytes.length : end
    if (this.#line.length + stop - at > MAX_CHUNK_LINE_BYTES) throw wrong()
    this.#line += bytes.toString('latin1', at, stop)
    if (end < 0) return stop
    const line = this.#line.trim()
    this.#line = ''
    if (this.#phase === 'size') {
      const [, size] = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i.exec(line) ?? []
      if (size === undefined) throw wrong()
      this.#left = parseInt(size, 16)
      this.#phase = this.#left > 0 ? 'data' : 'trailers'
    } else if (this.#phase === 'end') {
      if (line !== '') throw wrong()
      this.#phase = 'size'
    } else if (line === '') {
      this.#phase = 'over'
    } else if ((this.#trailers += line.length) > MAX_TRAILER_BYTES) throw wrong()
    return stop + 1
  }
}

const wrong = () => new CamgateError('HTTP_CHUNKS', 'the chunks of its answer (Transfer-Encoding: chunked) are not as long as it says')
