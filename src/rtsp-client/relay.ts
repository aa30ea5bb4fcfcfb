import { once } from 'node:events'
import { createServer, isIPv6, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Authorizer, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { Credentials } from '../credentials.js'
import { RtspParser, type RtspMessage, type RtspRequest } from '../rtsp/message.js'
import { interleave, serialize } from '../rtsp/serialize.js'
import { canonicalHost } from '../text/host.js'
import { MAX_REDIRECTS, redirected, type CameraAddress } from '../ingest/address.js'
import { unlessAborted } from '../ingest/unless-aborted.js'
import { RtspClient, RtspRefusal } from './rtsp-client.js'
import { RelayUrls, requestHeaders } from './relay-urls.js'
import { RtspConnection } from './rtsp-connection.js'

export interface RelayOptions {
  readonly address: CameraAddress
  readonly credentials?: Credentials | undefined
  readonly auth?: AuthorizerOptions | undefined
  readonly clock: Clock
}

/** Limits the connections that have not shown the secret yet. */
const MAX_STRANGERS = 4

/** A connection to the camera for the client. */
interface Upstream { readonly connection: RtspConnection, readonly rtsp: RtspClient, playing: string | undefined }

/**
 * Relays between ffmpeg, as a local RTSP client, and a camera. ffmpeg gets neither the camera's password nor its address, so it cannot leak
 * them. The relay logs in, refuses the same redirects as camgate's own reader, and forwards packets no faster than the client reads them.
 * It serves one client at a time, and only one that knows `url`.
 */
export class Relay {
  readonly #options: RelayOptions
  readonly #ending = new AbortController()
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #urls: RelayUrls | undefined
  #address: CameraAddress
  #client: Socket | undefined
  #upstream: Upstream | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #redirects = 0
  #error: Error | undefined

  private constructor (options: RelayOptions) {
    this.#options = options
    this.#address = options.address
  }

  /** Connects to the camera. Throws what `connect` throws, or the signal's reason. */
  static async open (options: RelayOptions, signal: AbortSignal): Promise<Relay> {
    const relay = new Relay(options)
    signal.addEventListener('abort', () => relay.#ending.abort(signal.reason))
    try {
      relay.#upstream = await relay.#connect()
      const server = relay.#server = createServer(socket => relay.#accept(socket)).listen(0, '127.0.0.1')
      await once(server, 'listening')
      signal.throwIfAborted()
      relay.#urls = new RelayUrls(options.address, (server.address() as AddressInfo).port)
      return relay
    } catch (error) {
      await relay.close()
      throw error
    }
  }

  /** The URL for the client. */
  get url (): string { return this.#urls!.first }

  /** Why the camera ended the client's reading; undefined if the client left by itself. */
  get error (): Error | undefined { return this.#error }

  /** Idempotent. Resolves when every socket is closed. */
  async close (): Promise<void> {
    this.#ending.abort()
    for (const socket of this.#sockets) socket.destroy()
    const closed = this.#server?.listening ? once(this.#server.close(), 'close') : undefined
    await this.#hangUp()
    await closed
  }

  async #connect (): Promise<Upstream> {
    const { clock, credentials, auth } = this.#options
    const { signal } = this.#ending
    const connection: RtspConnection = await unlessAborted(signal, RtspConnection.open(this.#address, clock, signal, {
      onPacket: (channel, packet) => { if (this.#upstream?.connection === connection) this.#pass(channel, packet, connection) },
      onEnd: error => {
        if (!error || this.#upstream?.connection !== connection) return
        if (this.#client) this.#fail(error)
        else this.#upstream = undefined // the camera did not wait for the client: the next request connects again
      }
    }))
    return { connection, rtsp: new RtspClient(connection, new Authorizer(credentials, auth)), playing: undefined }
  }

  async #hangUp (): Promise<void> {
    const upstream = this.#upstream
    this.#upstream = undefined
    await upstream?.connection.close(upstream.playing === undefined ? undefined : upstream.rtsp.request('TEARDOWN', upstream.playing))
  }

  #accept (socket: Socket): void {
    const parser = new RtspParser()
    const strangers = [...this.#sockets].filter(other => other !== this.#client)
    if (strangers.length >= MAX_STRANGERS) strangers[0]!.destroy()
    this.#sockets.add(socket.setNoDelay(true))
    socket.on('error', () => {}).on('close', () => {
      this.#sockets.delete(socket)
      if (this.#client !== socket) return
      this.#client = undefined
      this.#inTurn(() => this.#hangUp())
    })
    socket.on('drain', () => this.#upstream?.connection.resume())
    socket.on('data', chunk => {
      try {
        for (const message of parser.push(chunk)) this.#take(socket, message)
      } catch {
        socket.destroy()
      }
    })
  }

  #take (socket: Socket, message: RtspMessage): void {
    if (message.kind === 'interleaved') {
      if (socket === this.#client) this.#upstream?.connection.send(interleave(message.channel, message.payload))
    } else if (message.kind === 'request') {
      const url = this.#urls!.outer(message.url)
      if (url === undefined || (this.#client ?? socket) !== socket) {
        socket.destroy()
      } else {
        this.#client = socket
        this.#inTurn(() => this.#answer(socket, message, url))
      }
    }
  }

  #inTurn (task: () => Promise<void>): void {
    this.#turn = this.#turn.then(task).catch((error: Error) => this.#fail(error))
  }

  async #answer (client: Socket, { method, headers }: RtspRequest, url: string): Promise<void> {
    if (client !== this.#client) return
    const upstream = this.#upstream ??= await this.#connect()
    const { connection, rtsp } = upstream
    const camera = canonicalHost(connection.remoteAddress)
    const cseq = headers.get('cseq')?.[0] ?? '0'
    if (method === 'TEARDOWN') { // the camera gets it when the client is gone
      client.end(serialize({ status: 200, headers: { CSeq: cseq } }))
      return
    }
    if (isIPv6(camera) && /client_port/i.test(headers.get('transport')?.[0] ?? '')) { // the client's ports are open for IPv4 only
      throw new CamgateError('BAD_TRANSPORT', 'ffmpeg cannot receive UDP packets from an IPv6 address here; write transport: tcp')
    }
    const answer = await rtsp.ask(method, url, requestHeaders(headers))
    rtsp.enterSession(answer)
    const moved = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location')?.[0] : undefined
    const mayMove = moved !== undefined && this.#redirects++ < MAX_REDIRECTS
    if (mayMove) this.#address = redirected(this.#address, moved, this.#options.credentials !== undefined, connection)
    if (upstream.playing === undefined) this.#error = answer.status < 300 || mayMove ? undefined : new RtspRefusal(method, answer)
    if (method === 'PLAY' && answer.status < 300) upstream.playing = url
    const body = this.#urls!.description(answer.body.toString('latin1'), this.#address)
    const passed = this.#urls!.answerHeaders(answer.headers, this.#address, camera)
    if (mayMove) passed.Location = [this.#urls!.inner(this.#address.url)]
    client.write(serialize({ status: answer.status, headers: { CSeq: cseq, ...passed }, body: Buffer.from(body, 'latin1') }))
  }

  /** Forwards one of the camera's packets. If the client does not keep up, the camera has to wait. */
  #pass (channel: number, packet: Buffer, connection: RtspConnection): void {
    const client = this.#client
    if (!client || client.destroyed) return
    client.write(interleave(channel, packet))
    if (client.writableNeedDrain) connection.pause()
  }

  #fail (error: Error): void {
    if (this.#ending.signal.aborted) return
    this.#error ??= error
    this.#client?.end()
  }
}
