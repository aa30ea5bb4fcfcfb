import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { RtspParser, type RtspResponse } from '../rtsp/message.js'
import { serialize, type HeaderList } from '../rtsp/serialize.js'
import type { CameraAddress } from '../ingest/address.js'
import { ANSWER_TIMEOUT_MS, connect, isHangUp } from '../ingest/connect.js'
import { noRtsp, wrongProtocol } from '../ingest/wrong-protocol.js'

/** How long our last request may take to be sent. */
const CLOSE_TIMEOUT_MS = 500
/** Limits the bytes of our answers that a camera leaves unread. */
const MAX_UNREAD_BYTES = 65_536

export interface ConnectionEvents {
  /** An interleaved packet: a view that is valid during the call. If the callback throws, the connection ends. */
  readonly onPacket: (channel: number, packet: Buffer) => void
  /** The last event, called once: the connection ended, or the camera sent something that is not RTSP. Undefined once we have closed it. */
  readonly onEnd: (error: Error | undefined) => void
}

export interface RtspRequestToSend { readonly method: string, readonly url: string, readonly headers: HeaderList }

/** One connection to a camera: one request at a time, with packets between them. */
export class RtspConnection {
  /** Stays valid after the connection has closed. */
  readonly remoteAddress: string
  readonly localAddress: string
  readonly #address: CameraAddress
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #events: ConnectionEvents
  readonly #parser: RtspParser
  #sequence = 0
  #turn: Promise<unknown> = Promise.resolve()
  #waiting: { resolve: (answer: RtspResponse) => void, reject: (error: Error) => void } | undefined
  #hasData = false
  #hasMessage = false
  #isOver = false
  #isGarbled = false

  private constructor (address: CameraAddress, socket: Socket, parser: RtspParser, clock: Clock, events: ConnectionEvents) {
    this.#address = address
    this.remoteAddress = socket.remoteAddress ?? ''
    this.localAddress = socket.localAddress ?? ''
    this.#socket = socket
    this.#parser = parser
    this.#clock = clock
    this.#events = events
    socket.on('error', error => this.#end(error))
    socket.on('close', () => this.#end(new CamgateError('RTSP_CLOSED', 'the camera ended the connection')))
  }

  /** Throws as `connect` does. */
  static async open (address: CameraAddress, clock: Clock, signal: AbortSignal, events: ConnectionEvents): Promise<RtspConnection> {
    const parser = new RtspParser()
    let take = (_count: number) => {} // a camera sends nothing before the first request
    const socket = await connect(address, clock, signal, {
      buffer: () => parser.space, // so that each byte is received where it is parsed
      callback (count) {
        take(count)
        return true
      }
    })
    const connection = new RtspConnection(address, socket, parser, clock, events)
    take = count => connection.#take(count)
    return connection
  }

  /**
   * Resolves with the answer, whatever its status. Cameras answer with the wrong CSeq, or without one (scottlamb/retina issues 133, 136): with
   * one request at a time, any response is the answer. Throws RTSP_SILENT if no answer comes in time, or the error that ended the connection.
   */
  request (request: RtspRequestToSend, timeoutMs = ANSWER_TIMEOUT_MS): Promise<RtspResponse> {
    const answer = this.#turn.then(() => this.#ask(request, timeoutMs))
    this.#turn = answer.catch(() => {})
    return answer
  }

  /** Sends a last request, if there is one, and closes without waiting for its answer. Resolves when the socket is closed. */
  async close (farewell?: RtspRequestToSend): Promise<void> {
    try {
      if (!this.#isOver && farewell) this.#write(farewell)
    } catch {
      // The camera's name for its session does not fit into a request.
    }
    this.#end(undefined)
    if (this.#socket.closed) return
    this.#socket.end()
    const cancel = this.#clock.after(CLOSE_TIMEOUT_MS, () => this.#socket.destroy())
    await new Promise<void>(resolve => { this.#socket.once('close', () => resolve()) })
    cancel()
  }

  /** Stops reading until `resume()`. */
  pause (): void { this.#socket.pause() }
  resume (): void { this.#socket.resume() }

  /** Sends an interleaved packet, unless the connection is full. */
  send (framed: Buffer): void {
    if (!this.#isOver && this.#socket.writableLength === 0) this.#socket.write(framed)
  }

  async #ask (request: RtspRequestToSend, timeoutMs: number): Promise<RtspResponse> {
    if (this.#isOver) throw new CamgateError('RTSP_CLOSED', 'the connection is over')
    let cancel = () => {}
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject }
        cancel = this.#clock.after(timeoutMs, () => reject(new CamgateError('RTSP_SILENT', `the camera does not answer ${request.method}`)))
        this.#write(request)
      })
    } finally {
      cancel()
      this.#waiting = undefined
    }
  }

  #write ({ method, url, headers }: RtspRequestToSend): void {
    this.#socket.write(serialize({ method, url, headers: { CSeq: String(++this.#sequence), ...headers, 'User-Agent': 'camgate' } }))
  }

  #take (count: number): void {
    if (this.#isOver || this.#isGarbled) return
    try {
      const wrong = this.#hasData ? undefined : wrongProtocol(this.#parser.space.subarray(0, count), 'RTSP', this.#address.port, this.#address.tls)
      this.#hasData = true
      if (wrong) throw wrong
      for (const message of this.#parser.received(count)) {
        if (this.#isOver) return
        this.#hasMessage = true
        switch (message.kind) {
          case 'interleaved': this.#events.onPacket(message.channel, message.payload); break
          case 'response': if (message.status >= 200) this.#waiting?.resolve(message); break // 1xx announces another answer
          case 'request': this.#refuse(message.headers.get('cseq')?.[0] ?? '0')
        }
      }
    } catch (error) {
      this.#isGarbled = true // we read no more, but may still send a last request
      this.#waiting?.reject(error as Error)
      this.#events.onEnd(error as Error)
    }
  }

  #refuse (sequence: string): void {
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) throw new CamgateError('RTSP_LIMIT', 'the camera sends requests and does not read the answers')
    this.#socket.write(serialize({ status: 501, headers: { CSeq: sequence } }))
  }

  #end (error: (Error & { code?: string }) | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    if (!this.#hasMessage && (error?.code === 'RTSP_CLOSED' || isHangUp(error))) error = this.#hasData ? noRtsp(this.#address.port) : new CamgateError('RTSP_SILENT', 'the camera ends the connection instead of answering')
    this.#waiting?.reject(error ?? new CamgateError('RTSP_CLOSED', 'the connection was closed'))
    if (!this.#isGarbled) this.#events.onEnd(error)
  }
}
