import type { Socket } from 'node:net'
import type { Clip } from '../clips/clip.js'
import { refusalOf, type Fault } from '../faults/fault.js'
import { acceptOffer, keepAliveRefusal } from '../faults/quirk.js'
import { misspell } from '../faults/spelling.js'
import { RtspParser, type RtspRequest } from '../rtsp/message.js'
import { serialize, type HeaderList, type Outgoing } from '../rtsp/serialize.js'
import { formatTransport, parseTransport } from '../rtsp/transport.js'
import { Authenticator, type AuthenticatorOptions } from './authenticator.js'
import { interleavedDelivery, udpDelivery } from './delivery.js'
import { describe, hasUrl, isOtherTrack, redirectOf } from './description.js'
import { impaired } from './impairment.js'
import { Player } from './player.js'
import { Session } from './session.js'

/** What is counted per connection. */
export type Counter = 'teardowns' | 'rejections' | 'keepAlives' | 'receiverReports'

/** The camera, as one of its connections needs it. */
export interface CameraPort extends AuthenticatorOptions {
  readonly id: string
  readonly title: string
  readonly clip: Clip
  readonly fault: Fault | null
  play (connection: Connection): void
  pause (connection: Connection): void
  count (counter: Counter): void
}

type Response = Omit<Extract<Outgoing, { status: number }>, 'headers'> & { headers?: HeaderList }

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER, SET_PARAMETER'
/** Limits the responses that a client leaves unread. */
const MAX_UNREAD_BYTES = 262_144
/** RTCP packet type, RFC 3550 section 6.4.2. */
const RECEIVER_REPORT = 201
const MIN_RECEIVER_REPORT_BYTES = 8

/** One client's RTSP connection, RFC 2326, with at most one session of one track. */
export class Connection {
  readonly #socket: Socket
  readonly #camera: CameraPort
  readonly #authenticator: Authenticator
  readonly #session: Session
  #lastSequence: string | undefined
  #refusedKeepAlives = 0
  player: Player | null = null

  constructor (socket: Socket, camera: CameraPort) {
    this.#socket = socket
    this.#camera = camera
    this.#authenticator = new Authenticator(camera)
    this.#session = new Session(camera, () => this.#endSession())
  }

  /** Resolves when the connection has ended, whichever side ended it. */
  async serve (): Promise<void> {
    const parser = new RtspParser()
    try {
      for await (const chunk of this.#socket) {
        for (const message of parser.push(chunk as Buffer)) {
          if (message.kind === 'interleaved') this.#receiveRtcp(message.payload)
          else if (message.kind === 'request' && this.#camera.fault?.kind !== 'silent') await this.#respond(message)
        }
      }
    } catch {
      // The client is gone, or does not speak RTSP: a camera ends the connection in both cases.
    } finally {
      this.#endSession()
      this.#socket.destroy()
    }
  }

  /** Ends the connection at once, or after pending data was sent. */
  end ({ atOnce }: { atOnce: boolean }): void {
    if (atOnce) this.#socket.destroy()
    else this.#socket.destroySoon()
  }

  #receiveRtcp (rtcp: Buffer): void {
    if (rtcp.length >= MIN_RECEIVER_REPORT_BYTES && rtcp[1] === RECEIVER_REPORT) this.#camera.count('receiverReports')
  }

  async #respond (request: RtspRequest): Promise<void> {
    const { headers = {}, ...response } = await this.#responseTo(request)
    const { quirks } = this.#camera
    const plays = request.method === 'PLAY' && response.status === 200
    const playsBefore = plays && quirks.has('rtp-before-play-reply')
    if (playsBefore) await this.#playFirstPicture()
    if (this.#socket.destroyed || this.#socket.writableLength > MAX_UNREAD_BYTES) return this.end({ atOnce: true })
    const own = request.headers.get('cseq')?.[0]
    const sequence = quirks.has('keep-alive-wrong-cseq') && response.status === 400 ? this.#lastSequence : own
    this.#lastSequence = own
    const message = serialize({ ...response, headers: { ...(sequence && { CSeq: sequence }), Server: 'camgate simulator', ...headers } })
    this.#socket.write(misspell(message, quirks))
    if (this.player !== null && response.status < 400) this.#session.extend()
    if (plays && !playsBefore) this.#camera.play(this)
  }

  /** Plays until one picture was sent, and perhaps a second one. */
  async #playFirstPicture (): Promise<void> {
    this.#camera.play(this)
    await new Promise<void>(resolve => { this.#camera.clock.after(Math.min(1_000, 1_500 / this.#camera.clip.track.fps), resolve) })
  }

  async #responseTo (request: RtspRequest): Promise<Response> {
    const { method, headers, url } = request
    const { id, quirks, fault } = this.#camera
    if (!headers.has('cseq')) return { status: 400 }
    if (this.player !== null && /^(OPTIONS|[GS]ET_PARAMETER)$/.test(method)) this.#camera.count('keepAlives')
    if (method === 'OPTIONS') return { status: 200, headers: { Public: METHODS } }
    const authentication = this.#authenticator.check(request)
    const refusal = authentication === 'valid' ? refusalOf(fault, method) : 401
    if (refusal === 401) return this.#reject(request, authentication === 'stale')
    if (refusal !== null) return { status: refusal }
    const redirect = method === 'DESCRIBE' ? redirectOf(url, id, quirks) : undefined
    if (redirect !== undefined) return { status: 302, headers: { Location: redirect } }
    if (!hasUrl(url, id, quirks)) return { status: 404 }
    switch (method) {
      case 'DESCRIBE': return this.#describe(request)
      case 'SETUP': return await this.#setup(request)
      case 'PLAY':
      case 'TEARDOWN':
      case 'GET_PARAMETER':
      case 'SET_PARAMETER': return this.#inSession(method, headers.get('session')?.[0])
      default: return { status: 501, headers: { Public: METHODS } }
    }
  }

  #reject ({ headers }: RtspRequest, stale: boolean): Response {
    if (headers.has('authorization') && !stale) this.#camera.count('rejections')
    return { status: 401, headers: { 'WWW-Authenticate': this.#authenticator.challenge({ stale }) } }
  }

  #describe ({ url }: RtspRequest): Response {
    const { clip, title, quirks } = this.#camera
    const host = this.#socket.localAddress ?? '127.0.0.1'
    return { status: 200, ...describe(clip.track, { base: `${url.replace(/\/$/, '')}/`, host, title }, quirks) }
  }

  async #setup ({ url, headers }: RtspRequest): Promise<Response> {
    const { clip, quirks } = this.#camera
    const offer = acceptOffer(parseTransport(headers.get('transport')?.[0] ?? ''), quirks)
    if (offer === undefined || (offer.kind === 'udp' && offer.clientPorts[0] === 0)) return { status: 461 } // a datagram cannot go to port 0
    const agreed = (ssrc: number, serverPorts?: readonly [number, number]) =>
      ({ status: 200, headers: { Transport: formatTransport(offer, ssrc, serverPorts), ...this.#isNamedByPlay ? {} : this.#session.header } })
    if (isOtherTrack(url)) return agreed(0)
    this.#endSession()
    if (offer.kind === 'tcp') {
      this.player = new Player(clip, impaired(interleavedDelivery(this.#socket, offer.channels), quirks, 'tcp'), quirks)
      return agreed(this.player.ssrc)
    }
    const { localAddress = '127.0.0.1', remoteAddress = '127.0.0.1' } = this.#socket
    const delivery = await udpDelivery(localAddress, { address: remoteAddress, ports: offer.clientPorts }, rtcp => this.#receiveRtcp(rtcp))
    this.player = new Player(clip, impaired(delivery, quirks, 'udp'), quirks)
    return agreed(this.player.ssrc, delivery.serverPorts)
  }

  #inSession (method: 'PLAY' | 'TEARDOWN' | 'GET_PARAMETER' | 'SET_PARAMETER', header?: string): Response {
    if (header !== undefined && !this.#session.matches(header)) return { status: 454 }
    if (header === undefined && method !== 'PLAY' && this.#isNamedByPlay) return { status: 454 }
    const isKeepAlive = method.endsWith('_PARAMETER')
    const refusal = isKeepAlive ? keepAliveRefusal(this.#camera.quirks, this.#refusedKeepAlives++) : null
    if (refusal !== null) return { status: refusal }
    if (isKeepAlive) return { status: 200, headers: this.player === null ? {} : this.#session.header }
    if (this.player === null) return { status: 455 }
    if (header === undefined && !(method === 'PLAY' && this.#isNamedByPlay)) return { status: 454 }
    if (method === 'PLAY') return { status: 200, headers: { Range: 'npt=0.000-', ...this.#session.header } }
    this.#endSession()
    this.#camera.count('teardowns')
    return { status: 200 }
  }

  /** Whether the answer to PLAY names the session, and not the answer to SETUP. */
  get #isNamedByPlay (): boolean { return this.#camera.quirks.has('session-from-play') }

  #endSession (): void {
    this.#session.end()
    this.#camera.pause(this)
    this.player?.delivery.close()
    this.player = null
  }
}
