import type { Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { RtspParser, type RtspResponse } from '../rtsp/message.js'
import { serialize, type HeaderList } from '../rtsp/serialize.js'
import type { CameraAddress } from '../ingest/address.js'
import { ANSWER_WITHIN, connect, isHangUp } from '../ingest/connect.js'
import { noRtsp, wrongProtocol } from '../ingest/wrong-protocol.js'

/** Our last word has so long (milliseconds) to go out. */
const FAREWELL = 500
/** Bytes of our answers that a camera may leave unread. */
const MOST_UNREAD = 65_536

export interface WireEvents {
  /** A packet between the messages, a view of what was received. What it throws ends the connection. */
  readonly onPacket: (channel: number, packet: Buffer) => void
  /** Once, and nothing after it: why the connection is over, or what was said is not understood; undefined when we closed it. It is closed then. */
  readonly onEnd: (error: Error | undefined) => void
}

export interface RtspRequestToSend { readonly method: string, readonly url: string, readonly headers: HeaderList }

/** One connection to a camera: one request at a time, and packets between them. */
export class RtspConnection {
  /** As the connection has them, also when it is gone. */
  readonly remoteAddress: string
  readonly localAddress: string
  readonly #address: CameraAddress
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #events: WireEvents
  readonly #parser = new RtspParser()
  #sequence = 0
  #turn: Promise<unknown> = Promise.resolve()
  #waiting: { resolve: (answer: RtspResponse) => void, reject: (error: Error) => void } | undefined
  #heard = false
  #understood = false
  #over = false
  #lost = false

  private constructor (address: CameraAddress, socket: Socket, clock: Clock, events: WireEvents) {
    this.#address = address
    this.remoteAddress = socket.remoteAddress ?? ''
    this.localAddress = socket.localAddress ?? ''
    this.#socket = socket
    this.#clock = clock
    this.#events = events
    socket.on('data', chunk => this.#take(chunk))
    socket.on('error', error => this.#end(error))
    socket.on('close', () => this.#end(new CamgateError('RTSP_CLOSED', 'the camera ended the connection')))
  }

  /** Throws as `connect` does. */
  static async open (address: CameraAddress, clock: Clock, signal: AbortSignal, events: WireEvents): Promise<RtspConnection> {
    return new RtspConnection(address, await connect(address, clock, signal), clock, events)
  }

  /**
   * Resolves with the answer, whatever its status. Cameras answer with the wrong CSeq, or none (scottlamb/retina issues 133, 136): with
   * one request at a time, whatever comes is the answer. Throws RTSP_SILENT when none comes `within` so many milliseconds, or why the connection ended.
   */
  request (request: RtspRequestToSend, within = ANSWER_WITHIN): Promise<RtspResponse> {
    const answer = this.#turn.then(() => this.#ask(request, within))
    this.#turn = answer.catch(() => {})
    return answer
  }

  /** Says a last request, if there is one, waits for no answer to it, and closes. Resolves when the socket is closed. */
  async close (farewell?: RtspRequestToSend): Promise<void> {
    try {
      if (!this.#over && farewell) this.#write(farewell)
    } catch {
      // What the camera calls its session cannot be said in a request.
    }
    this.#end(undefined)
    if (this.#socket.closed) return
    this.#socket.end()
    const callOff = this.#clock.after(FAREWELL, () => this.#socket.destroy())
    await new Promise<void>(resolve => { this.#socket.once('close', () => resolve()) })
    callOff()
  }

  /** Nothing is read until `resume()`. */
  pause (): void { this.#socket.pause() }
  resume (): void { this.#socket.resume() }

  /** A packet of ours between the messages; one that finds the connection full is left out. */
  send (framed: Buffer): void {
    if (!this.#over && this.#socket.writableLength === 0) this.#socket.write(framed)
  }

  async #ask (request: RtspRequestToSend, within: number): Promise<RtspResponse> {
    if (this.#over) throw new CamgateError('RTSP_CLOSED', 'the connection is over')
    let callOff = () => {}
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject }
        callOff = this.#clock.after(within, () => reject(new CamgateError('RTSP_SILENT', `the camera does not answer ${request.method}`)))
        this.#write(request)
      })
    } finally {
      callOff()
      this.#waiting = undefined
    }
  }

  #write ({ method, url, headers }: RtspRequestToSend): void {
    this.#socket.write(serialize({ method, url, headers: { CSeq: String(++this.#sequence), ...headers, 'User-Agent': 'camgate' } }))
  }

  #take (chunk: Buffer): void {
    if (this.#over || this.#lost) return
    try {
      const wrong = this.#heard ? undefined : wrongProtocol(chunk, 'RTSP', this.#address.port, this.#address.tls)
      this.#heard = true
      if (wrong) throw wrong
      for (const message of this.#parser.push(chunk)) {
        if (this.#over) return
        this.#understood = true
        switch (message.kind) {
          case 'interleaved': this.#events.onPacket(message.channel, message.payload); break
          case 'response': if (message.status >= 200) this.#waiting?.resolve(message); break // the others announce one
          case 'request': this.#refuse(message.headers.get('cseq')?.[0] ?? '0')
        }
      }
    } catch (error) {
      this.#lost = true // what the camera says; we may still say goodbye
      this.#waiting?.reject(error as Error)
      this.#events.onEnd(error as Error)
    }
  }

  #refuse (sequence: string): void {
    if (this.#socket.writableLength > MOST_UNREAD) throw new CamgateError('RTSP_LIMIT', 'the camera asks, and reads no answer')
    this.#socket.write(serialize({ status: 501, headers: { CSeq: sequence } }))
  }

  #end (error: (Error & { code?: string }) | undefined): void {
    if (this.#over) return
    this.#over = true
    if (!this.#understood && (error?.code === 'RTSP_CLOSED' || isHangUp(error))) error = this.#heard ? noRtsp(this.#address.port) : new CamgateError('RTSP_SILENT', 'the camera ends the connection instead of answering')
    this.#waiting?.reject(error ?? new CamgateError('RTSP_CLOSED', 'the connection was closed'))
    if (!this.#lost) this.#events.onEnd(error)
  }
}
