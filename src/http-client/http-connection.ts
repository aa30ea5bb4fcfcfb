import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { CameraAddress } from '../ingest/address.js'
import { ANSWER_TIMEOUT_MS, connect, isHangUp } from '../ingest/connect.js'
import { bodyReaderOf } from './http-body.js'
import { framingOf, takeHead, tooManyInterim, type HttpHead } from './http-head.js'
import { rtspBehindHttp, wrongProtocol } from '../ingest/wrong-protocol.js'

const MAX_INTERIM_ANSWERS = 16

const ended = () => Object.assign(new Error('the camera closed the connection too early'), { code: 'ECONNRESET' })

/** One answer. Its body can be read once. */
export interface HttpAnswer extends HttpHead {
  /** Bytes of the body; undefined if the head does not give their number. */
  readonly length: number | undefined
  /** Throws ECONNRESET if the body ends too early, or HTTP_CHUNKS. */
  readonly body: AsyncIterable<Buffer>
  /** Whether the whole body that the head announced has arrived. */
  readonly whole: boolean
  /** Cuts the body short and closes the connection. */
  cut (): void
}

/** One connection to a camera, for one request after another. Reads no faster than its caller consumes the body. */
export class HttpConnection {
  readonly address: CameraAddress
  /** Stays valid after the connection has closed. */
  readonly remoteAddress: string
  readonly localAddress: string
  readonly #socket: Socket
  readonly #clock: Clock
  /** Received and not yet parsed. */
  #held: Buffer = Buffer.alloc(0)
  #error: Error | undefined
  #ended = false
  #wake = () => {}
  #free = true
  /** Number of answers received. */
  answers = 0

  private constructor (address: CameraAddress, socket: Socket, clock: Clock) {
    this.address = address
    this.#socket = socket
    this.remoteAddress = socket.remoteAddress ?? ''
    this.localAddress = socket.localAddress ?? ''
    this.#clock = clock
    const wake = () => this.#wake()
    const ended = () => {
      this.#ended = true
      wake()
    }
    socket.on('readable', wake).on('end', ended).on('close', ended).on('error', error => {
      this.#error ??= error
      wake()
    })
  }

  /** Throws as `connect` does. */
  static async open (address: CameraAddress, clock: Clock, signal: AbortSignal): Promise<HttpConnection> {
    return new HttpConnection(address, await connect(address, clock, signal), clock)
  }

  /** Whether another request can be sent: the last answer was read to its end, and no bytes follow it. */
  get free (): boolean {
    return this.#free && !this.#ended && this.#error === undefined && this.#held.length === 0 && this.#socket.read() === null && this.#socket.writable
  }

  /** Throws the socket's error, HTTP_SILENT after 8 s or when the connection ends, HTTP_SYNTAX, HTTP_LIMIT, WRONG_PROTOCOL. */
  async ask (request: string): Promise<HttpAnswer> {
    this.#free = false
    const cancel = this.#clock.after(ANSWER_TIMEOUT_MS, () => this.#socket.destroy(new CamgateError('HTTP_SILENT', 'the camera does not answer')))
    try {
      this.#socket.write(request, 'latin1')
      const head = await this.#head()
      this.answers++
      return this.#answer(head)
    } finally {
      cancel()
    }
  }

  /** Resolves when the socket is closed. */
  async close (): Promise<void> {
    this.#free = false
    if (!this.#socket.closed) await once(this.#socket.destroy(), 'close')
  }

  async #head (): Promise<HttpHead> {
    for (let interim = 0; ;) {
      const { address: { port, tls } } = this
      const wrong = this.answers === 0 && wrongProtocol(this.#held, 'HTTP', port, tls)
      if (wrong) throw wrong
      const taken = takeHead(this.#held)
      if (taken === null) {
        const more = await this.#next().catch((error: unknown) => {
          if (this.answers > 0 || !isHangUp(error)) throw error
          return null
        })
        if (more === null) throw this.answers > 0 ? ended() : new CamgateError('HTTP_SILENT', 'the camera ends the connection instead of answering')
        this.#held = this.#held.length > 0 ? Buffer.concat([this.#held, more]) : more
        continue
      }
      this.#held = this.#held.subarray(taken.size)
      const { head } = taken
      const rtsp = rtspBehindHttp(head.status, head.headers, port)
      if (rtsp) throw rtsp
      if (head.status >= 200) return head
      if (++interim > MAX_INTERIM_ANSWERS) throw tooManyInterim()
    }
  }

  #answer (head: HttpHead): HttpAnswer {
    const framing = framingOf(head)
    const reader = bodyReaderOf(framing)
    let isCut = false
    let whole = false
    const finish = () => {
      whole = framing.kind !== 'close'
      this.#held = reader.rest
      this.#free = head.keeps && whole
      if (!this.#free) this.#socket.destroy()
    }
    const next = () => this.#next()
    const takeHeld = () => {
      const held = this.#held
      this.#held = Buffer.alloc(0)
      return held
    }
    const body = async function * (): AsyncGenerator<Buffer, void, void> {
      let bytes: Buffer | null = takeHeld()
      while (bytes !== null) {
        yield * reader.take(bytes)
        if (isCut) return
        if (reader.over) return finish()
        bytes = await next()
      }
      if (isCut || framing.kind === 'close') return finish()
      throw ended()
    }
    return {
      ...head,
      length: framing.kind === 'length' ? framing.bytes : undefined,
      body: { [Symbol.asyncIterator]: body },
      get whole () { return whole && !isCut },
      cut: () => {
        isCut = true
        this.#free = false
        this.#socket.destroy()
      }
    }
  }

  /** Null at the end of the connection. */
  async #next (): Promise<Buffer | null> {
    for (;;) {
      const bytes = this.#socket.read() as Buffer | null
      if (bytes !== null) return bytes
      if (this.#error) throw this.#error
      if (this.#ended) return null
      await new Promise<void>(resolve => { this.#wake = resolve })
    }
  }
}
