import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { WallSocket } from '../../wall/wall-socket.js'

/** A whole binary message, RFC 6455 section 5.2. */
const BINARY = 0x82
const MAX_7_BITS = 125
const MAX_16_BITS = 0xffff
/** Text messages on their way to a client that does not read. A wall of 256 tiles is sent as many when its cameras go away together. */
const MAX_UNSENT_TEXTS = 2_000

/**
 * Writes pictures to the connection itself, beside `ws`: a frame's head and the bytes that all viewers share, in one system call. `ws` would
 * copy them together, or send two frames (decision 0045).
 */
export class WebSocketWriter implements WallSocket {
  readonly #webSocket: WebSocket
  readonly #socket: Socket
  #unsentTexts = 0

  /** `socket` is the one under the WebSocket, which compresses nothing: so it never holds back what it was given. */
  constructor (webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket
    this.#socket = socket
  }

  text (message: string): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    if (++this.#unsentTexts > MAX_UNSENT_TEXTS) return this.#webSocket.terminate()
    this.#webSocket.send(message, () => { this.#unsentTexts-- })
  }

  picture (header: Buffer, bytes: Buffer, sent: () => void): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    const socket = this.#socket
    socket.cork()
    socket.write(Buffer.concat([frameHead(header.length + bytes.length), header]))
    socket.write(bytes) // without a callback, which would cost a tick
    socket.uncork()
    if (socket.writableLength === 0) return sent()
    socket.write('', error => { if (!error) sent() }) // called back after the picture
  }
}

function frameHead (length: number): Buffer {
  if (length <= MAX_7_BITS) return Buffer.from([BINARY, length])
  if (length <= MAX_16_BITS) return Buffer.from([BINARY, 126, length >> 8, length & 0xff])
  const head = Buffer.alloc(10)
  head.writeUInt16BE(BINARY << 8 | 127)
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
