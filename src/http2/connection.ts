import type { ServerResponse } from 'node:http'
import { constants, Http2ServerResponse, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../clock.js'

/** Without a request: as long as HTTP/1.1 keeps a connection. */
const IDLE_TIMEOUT_MS = 30_000
/** For a whole request and its answer. A client that takes nothing could hold a hundred of them. */
const ANSWER_TIMEOUT_MS = 60_000

const answerTimeouts = new WeakMap<ServerHttp2Stream, () => void>()

/** Lets an answer go on for ever. Whoever calls it ends the answer when its client takes nothing. Does nothing over HTTP/1.1. */
export function mayTakeForEver (response: ServerResponse | Http2ServerResponse): void {
  if (response instanceof Http2ServerResponse) answerTimeouts.get(response.stream)?.()
}

/** Ends a connection without requests, and requests that take too long, whatever else their client sends. */
export class Connection {
  readonly #session: ServerHttp2Session
  readonly #socket: TLSSocket
  readonly #clock: Clock
  #requests = 0
  #cancel: () => void

  constructor (session: ServerHttp2Session, socket: TLSSocket, clock: Clock) {
    this.#session = session
    this.#socket = socket
    this.#clock = clock
    this.#cancel = this.#endWhenIdle()
    session.on('stream', stream => this.#add(stream))
    socket.once('close', () => this.#cancel())
  }

  get isIdle (): boolean { return this.#requests === 0 }

  /** Does not wait for the client, which may neither read nor close. */
  end (): void {
    this.#session.destroy()
    this.#socket.destroy()
  }

  #add (stream: ServerHttp2Stream): void {
    if (this.#requests++ === 0) this.#cancel()
    const cancel = this.#clock.after(ANSWER_TIMEOUT_MS, () => stream.close(constants.NGHTTP2_CANCEL))
    answerTimeouts.set(stream, cancel)
    stream.once('close', () => {
      cancel()
      if (--this.#requests === 0 && !this.#socket.destroyed) this.#cancel = this.#endWhenIdle()
    })
  }

  #endWhenIdle (): () => void {
    return this.#clock.after(IDLE_TIMEOUT_MS, () => this.end())
  }
}
