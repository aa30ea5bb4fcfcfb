import type { Socket } from 'node:net'
import { RtspParser, type RtspRequest } from '../rtsp/message.js'
import { serialize, type HeaderList, type Outgoing } from '../rtsp/serialize.js'
import { formatTransport, parseTransport } from '../rtsp/transport.js'
import type { Clip } from '../clips/clip.js'
import { interleavedDelivery, udpDelivery, type Delivery } from './delivery.js'
import { describe, hasOwnUrl, otherTrackName, trackName, wrongAuthority } from './description.js'
import { refusalOf, type Fault } from '../faults/fault.js'
import { Authenticator, type Lock } from './authenticator.js'
import { cutting, losing, swapping, withImpairment } from './impairment.js'
import { Player } from './player.js'
import { agreeTo, keepAliveRefusal } from '../faults/quirk.js'
import { Session } from './session.js'
import { misspell } from '../faults/spelling.js'

/** What is counted of a connection. */
export type Noted = 'teardowns' | 'rejections' | 'keepAlives' | 'receiverReports'

/** The camera as one of its connections sees it. */
export interface CameraPort extends Lock {
  readonly id: string
  readonly title: string
  readonly clip: Clip
  readonly fault: Fault | null
  play (connection: Connection): void
  pause (connection: Connection): void
  note (what: Noted): void
}

type Answer = Omit<Extract<Outgoing, { status: number }>, 'headers'> & { headers?: HeaderList }

const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER, SET_PARAMETER'
const mostUnread = 262_144 // bytes of answers that a client may leave unread
const receiverReport = 201 // its packet type, RFC 3550 section 6.4.2

/** One client's RTSP dialogue, RFC 2326, with at most one session of one track. */
export class Connection {
  readonly #socket: Socket
  readonly #door: CameraPort
  readonly #gatekeeper: Authenticator
  readonly #session: Session
  #sequenceBefore: string | undefined
  #refusedKeepAlives = 0
  player: Player | null = null

  constructor (socket: Socket, door: CameraPort) {
    this.#socket = socket
    this.#door = door
    this.#gatekeeper = new Authenticator(door)
    this.#session = new Session(door, () => this.#leave())
  }

  /** Resolves when the connection is over, whoever ended it and however. */
  async serve (): Promise<void> {
    const parser = new RtspParser()
    try {
      for await (const chunk of this.#socket) {
        for (const message of parser.push(chunk as Buffer)) {
          if (message.kind === 'interleaved') this.#hear(message.payload)
          else if (message.kind === 'request' && this.#door.fault?.kind !== 'silent') await this.#reply(message)
        }
      }
    } catch {
      // Not RTSP, or the client is gone: for a camera both mean that there is nobody to talk to.
    } finally {
      this.#leave()
      this.#socket.destroy()
    }
  }

  /** Ends the connection after what was sent, or at once. */
  end ({ atOnce }: { atOnce: boolean }): void {
    if (atOnce) this.#socket.destroy()
    else this.#socket.destroySoon()
  }

  #hear (rtcp: Buffer): void {
    if (rtcp.length >= 8 && rtcp[1] === receiverReport) this.#door.note('receiverReports')
  }

  async #reply (request: RtspRequest): Promise<void> {
    const { headers = {}, ...answer } = await this.#answer(request)
    const { quirks } = this.#door
    const plays = request.method === 'PLAY' && answer.status === 200
    const playsBefore = plays && quirks.has('rtp-before-play-reply')
    if (playsBefore) await this.#playAWhile()
    if (this.#socket.destroyed || this.#socket.writableLength > mostUnread) return this.end({ atOnce: true })
    const sequence = request.headers.get('cseq')?.[0]
    const answered = quirks.has('keep-alive-wrong-cseq') && answer.status === 400 ? this.#sequenceBefore : sequence
    this.#sequenceBefore = sequence
    const message = serialize({ ...answer, headers: { ...(answered && { CSeq: answered }), Server: 'camgate simulator', ...headers } })
    this.#socket.write(misspell(message, quirks))
    if (this.player !== null && answer.status < 400) this.#session.prolong()
    if (plays && !playsBefore) this.#door.play(this)
  }

  /** Until one picture is out, and perhaps another. */
  async #playAWhile (): Promise<void> {
    this.#door.play(this)
    await new Promise<void>(resolve => { this.#door.clock.after(Math.min(1_000, 1_500 / this.#door.clip.track.fps), resolve) })
  }

  async #answer (request: RtspRequest): Promise<Answer> {
    const { method, headers } = request
    if (!headers.has('cseq')) return { status: 400 }
    if (this.player !== null && /^(OPTIONS|[GS]ET_PARAMETER)$/.test(method)) this.#door.note('keepAlives')
    if (method === 'OPTIONS') return { status: 200, headers: { Public: methods } }
    const judgement = this.#gatekeeper.judge(request)
    const refusal = judgement === 'right' ? refusalOf(this.#door.fault, method) : 401
    if (refusal === 401) return this.#reject(request, judgement === 'stale')
    if (refusal !== null) return { status: refusal }
    if (method === 'DESCRIBE' && this.#door.quirks.has('redirect') && pathOf(request.url) === `/${this.#door.id}/old`) {
      return { status: 302, headers: { Location: request.url.replace(/\/old\/?([?#].*)?$/, '') } }
    }
    if (!this.#isOurs(request.url)) return { status: 404 }
    switch (method) {
      case 'DESCRIBE': return this.#describe(request)
      case 'SETUP': return await this.#setup(request)
      case 'PLAY':
      case 'TEARDOWN':
      case 'GET_PARAMETER':
      case 'SET_PARAMETER': return this.#inSession(method, headers.get('session')?.[0])
      default: return { status: 501, headers: { Public: methods } }
    }
  }

  #reject ({ headers }: RtspRequest, stale: boolean): Answer {
    if (headers.has('authorization') && !stale) this.#door.note('rejections')
    return { status: 401, headers: { 'WWW-Authenticate': this.#gatekeeper.ask({ stale }) } }
  }

  #isOurs (url: string): boolean {
    const { id, quirks } = this.#door
    if (quirks.has('wrong-content-base') && url.startsWith(`rtsp://${wrongAuthority}/`)) return false
    const ours = [`/${id}`]
    if (hasOwnUrl(quirks)) ours.push(`/${id}/${trackName}`)
    if (quirks.has('two-videos')) ours.push(`/${id}/${otherTrackName}`)
    return ours.includes(pathOf(url))
  }

  #describe ({ url }: RtspRequest): Answer {
    const { clip, title, quirks } = this.#door
    const host = this.#socket.localAddress ?? '127.0.0.1'
    return { status: 200, ...describe(clip.track, { base: `${url.replace(/\/$/, '')}/`, host, title }, quirks) }
  }

  async #setup ({ url, headers }: RtspRequest): Promise<Answer> {
    const offer = agreeTo(parseTransport(headers.get('transport')?.[0] ?? ''), this.#door.quirks)
    if (offer === undefined || (offer.kind === 'udp' && offer.clientPorts[0] === 0)) return { status: 461 } // no datagram goes to port 0
    const agreed = (ssrc: number, serverPorts?: readonly [number, number]) =>
      ({ status: 200, headers: { Transport: formatTransport(offer, ssrc, serverPorts), ...this.#isNamedLater ? {} : this.#session.header } })
    if (pathOf(url).endsWith(otherTrackName)) return agreed(0)
    this.#leave()
    const { clip, quirks } = this.#door
    const lossy = (way: Delivery) => quirks.has('lossy') ? withImpairment(way, losing()) : way
    if (offer.kind === 'tcp') {
      const way = lossy(interleavedDelivery(this.#socket, offer.channels))
      this.player = new Player(clip, quirks.has('cut-packets') ? withImpairment(way, cutting()) : way, quirks)
      return agreed(this.player.ssrc)
    }
    const { localAddress = '127.0.0.1', remoteAddress = '127.0.0.1' } = this.#socket
    const delivery = await udpDelivery(localAddress, { address: remoteAddress, ports: offer.clientPorts }, rtcp => this.#hear(rtcp))
    this.player = new Player(clip, lossy(quirks.has('reordered') ? withImpairment(delivery, swapping()) : delivery), quirks)
    return agreed(this.player.ssrc, delivery.serverPorts)
  }

  #inSession (method: 'PLAY' | 'TEARDOWN' | 'GET_PARAMETER' | 'SET_PARAMETER', header?: string): Answer {
    if (header !== undefined && !this.#session.isMeantBy(header)) return { status: 454 }
    if (header === undefined && method !== 'PLAY' && this.#isNamedLater) return { status: 454 }
    const isKeepAlive = method.endsWith('_PARAMETER')
    const refusal = isKeepAlive ? keepAliveRefusal(this.#door.quirks, this.#refusedKeepAlives++) : null
    if (refusal !== null) return { status: refusal }
    if (isKeepAlive) return { status: 200, headers: this.player === null ? {} : this.#session.header }
    if (this.player === null) return { status: 455 }
    if (header === undefined && !(method === 'PLAY' && this.#isNamedLater)) return { status: 454 }
    if (method === 'PLAY') return { status: 200, headers: { Range: 'npt=0.000-', ...this.#session.header } }
    this.#leave()
    this.#door.note('teardowns')
    return { status: 200 }
  }

  get #isNamedLater (): boolean { return this.#door.quirks.has('session-from-play') }

  #leave (): void {
    this.#session.end()
    this.#door.pause(this)
    this.player?.delivery.close()
    this.player = null
  }
}

const pathOf = (url: string) => url.replace(/^rtsps?:\/\/[^/]*/i, '').replace(/[?#].*$/, '').replace(/\/$/, '')
