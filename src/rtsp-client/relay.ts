import { once } from 'node:events'
import { createServer, isIPv6, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Authorizer, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { Credentials } from '../credentials.js'
import { RtspParser, type RtspMessage, type RtspRequest } from '../rtsp/message.js'
import { interleave, serialize } from '../rtsp/serialize.js'
import { canonicalHost, MOST_REDIRECTS, redirected, type CameraAddress } from '../ingest/address.js'
import { RtspClient, RtspRefusal } from './rtsp-client.js'
import { RelayUrls, requestHeaders } from './relay-urls.js'
import { RtspConnection } from './rtsp-connection.js'

export interface RelayOptions {
  readonly address: CameraAddress
  readonly credentials?: Credentials | undefined
  readonly auth?: AuthorizerOptions | undefined
  readonly clock: Clock
}

/** Connections that have not shown the secret yet. */
const MOST_STRANGERS = 4

/** A connection to the camera on behalf of the client. */
interface Line { readonly wire: RtspConnection, readonly dialogue: RtspClient, playing: string | undefined }

/**
 * Stands between one RTSP client of this machine and a camera, so that the client, ffmpeg, holds neither the camera's password nor its
 * address: it has no way to carry them elsewhere. Proves who we are, refuses redirects as camgate's own reader does, and passes packets on
 * no faster than the client takes them. One client at a time, and only one that knows `url`.
 */
export class Relay {
  readonly #options: RelayOptions
  readonly #ending = new AbortController()
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #urls: RelayUrls | undefined
  #address: CameraAddress
  #client: Socket | undefined
  #line: Line | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #redirects = 0
  #error: Error | undefined

  private constructor (options: RelayOptions) {
    this.#options = options
    this.#address = options.address
  }

  /** Connects to the camera. Throws as `connect` does, or the signal's reason. */
  static async open (options: RelayOptions, signal: AbortSignal): Promise<Relay> {
    const relay = new Relay(options)
    signal.addEventListener('abort', () => relay.#ending.abort(signal.reason))
    try {
      relay.#line = await relay.#connect()
      const server = relay.#server = createServer(socket => relay.#welcome(socket)).listen(0, '127.0.0.1')
      await once(server, 'listening')
      signal.throwIfAborted()
      relay.#urls = new RelayUrls(options.address, (server.address() as AddressInfo).port)
      return relay
    } catch (error) {
      await relay.close()
      throw error
    }
  }

  /** What the client is to read. */
  get url (): string { return this.#urls!.first }

  /** What the camera did or said that ended the client's reading; undefined where the client left by itself. */
  get error (): Error | undefined { return this.#error }

  /** Idempotent. Resolves when every socket is closed. */
  async close (): Promise<void> {
    this.#ending.abort()
    for (const socket of this.#sockets) socket.destroy()
    const closed = this.#server?.listening ? once(this.#server.close(), 'close') : undefined
    await this.#hangUp()
    await closed
  }

  async #connect (): Promise<Line> {
    const { clock, credentials, auth } = this.#options
    const wire: RtspConnection = await RtspConnection.open(this.#address, clock, this.#ending.signal, {
      onPacket: (channel, packet) => { if (this.#line?.wire === wire) this.#pass(channel, packet, wire) },
      onEnd: error => {
        if (!error || this.#line?.wire !== wire) return
        if (this.#client) this.#fail(error)
        else this.#line = undefined // it waited too long for the client: there will be another
      }
    })
    if (this.#ending.signal.aborted) await wire.close()
    this.#ending.signal.throwIfAborted()
    return { wire, dialogue: new RtspClient(wire, new Authorizer(credentials, auth)), playing: undefined }
  }

  async #hangUp (): Promise<void> {
    const line = this.#line
    this.#line = undefined
    await line?.wire.close(line.playing === undefined ? undefined : line.dialogue.request('TEARDOWN', line.playing))
  }

  #welcome (socket: Socket): void {
    const parser = new RtspParser()
    const strangers = [...this.#sockets].filter(other => other !== this.#client)
    if (strangers.length >= MOST_STRANGERS) strangers[0]!.destroy()
    this.#sockets.add(socket.setNoDelay(true))
    socket.on('error', () => {}).on('close', () => {
      this.#sockets.delete(socket)
      if (this.#client !== socket) return
      this.#client = undefined
      this.#inTurn(() => this.#hangUp())
    })
    socket.on('drain', () => this.#line?.wire.resume())
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
      if (socket === this.#client) this.#line?.wire.send(interleave(message.channel, message.payload))
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
    const line = this.#line ??= await this.#connect()
    const { wire, dialogue } = line
    const camera = canonicalHost(wire.remoteAddress)
    const cseq = headers.get('cseq')?.[0] ?? '0'
    if (method === 'TEARDOWN') { // which we say to the camera when the client is gone
      client.end(serialize({ status: 200, headers: { CSeq: cseq } }))
      return
    }
    if (isIPv6(camera) && /client_port/i.test(headers.get('transport')?.[0] ?? '')) { // the client is here over IPv4, and so are its ports
      throw new CamgateError('BAD_TRANSPORT', 'ffmpeg takes no packets by UDP from an IPv6 address here; write transport: tcp')
    }
    const answer = await dialogue.ask(method, url, requestHeaders(headers))
    dialogue.enter(answer)
    const moved = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location')?.[0] : undefined
    const mayMove = moved !== undefined && this.#redirects++ < MOST_REDIRECTS
    if (mayMove) this.#address = redirected(this.#address, moved, this.#options.credentials !== undefined, wire)
    if (line.playing === undefined) this.#error = answer.status < 300 || mayMove ? undefined : new RtspRefusal(method, answer)
    if (method === 'PLAY' && answer.status < 300) line.playing = url
    const body = this.#urls!.description(answer.body.toString('latin1'), this.#address)
    const passed = this.#urls!.answerHeaders(answer.headers, this.#address, camera)
    if (mayMove) passed.Location = [this.#urls!.inner(this.#address.url)]
    client.write(serialize({ status: answer.status, headers: { CSeq: cseq, ...passed }, body: Buffer.from(body, 'latin1') }))
  }

  /** A packet of the camera's goes on as it came, uncopied; a client that does not keep up has the camera wait. */
  #pass (channel: number, packet: Buffer, wire: RtspConnection): void {
    const client = this.#client
    if (!client || client.destroyed) return
    const frame = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff])
    client.cork()
    client.write(frame)
    client.write(packet)
    client.uncork()
    if (client.writableNeedDrain) wire.pause()
  }

  #fail (error: Error): void {
    if (this.#ending.signal.aborted) return
    this.#error ??= error
    this.#client?.end()
  }
}
