import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { formatChallenge, type AuthChallenge } from '../rtsp/challenge.js'
import { verify, type Credentials } from '../rtsp/digest.js'
import { RtspParser, type RtspRequest } from '../rtsp/message.js'
import { writeSdp } from '../rtsp/sdp.js'
import { serialize, type HeaderList, type Outgoing } from '../rtsp/serialize.js'
import { formatTransport, parseTransport } from '../rtsp/transport.js'
import type { Clip } from './clip.js'
import { interleavedDelivery, udpDelivery } from './delivery.js'
import { refusalOf, type Fault } from './fault.js'
import { Player } from './player.js'

/** The camera as one of its connections sees it. */
export interface Door {
  readonly id: string
  readonly title: string
  readonly clip: Clip
  readonly fault: Fault | null
  readonly auth: 'none' | 'basic' | 'digest'
  readonly credentials: Credentials
  play (connection: Connection): void
  pause (connection: Connection): void
  note (what: 'teardowns' | 'rejections'): void
}

type Answer = Omit<Extract<Outgoing, { status: number }>, 'headers'> & { headers?: HeaderList }

const track = 'track1'
const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER'
const mostUnread = 262_144 // bytes of answers that a client may leave unread

/** One client's RTSP dialogue, RFC 2326, with at most one session of one track. */
export class Connection {
  readonly #socket: Socket
  readonly #door: Door
  readonly #challenge: AuthChallenge
  readonly #session = randomBytes(4).toString('hex')
  player: Player | null = null

  constructor (socket: Socket, door: Door) {
    this.#socket = socket
    this.#door = door
    const realm = 'camgate simulator'
    this.#challenge = door.auth === 'basic'
      ? { scheme: 'basic', realm }
      : { scheme: 'digest', realm, nonce: randomBytes(16).toString('hex'), algorithm: 'MD5', qop: true }
  }

  /** Resolves when the connection is over, whoever ended it and however. */
  async serve (): Promise<void> {
    const parser = new RtspParser()
    try {
      for await (const chunk of this.#socket) {
        for (const message of parser.push(chunk as Buffer)) {
          if (message.kind !== 'request' || this.#door.fault?.kind === 'silent') continue
          await this.#reply(message)
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

  async #reply (request: RtspRequest): Promise<void> {
    const { headers = {}, ...answer } = await this.#answer(request)
    if (this.#socket.destroyed || this.#socket.writableLength > mostUnread) return this.end({ atOnce: true })
    const sequence = request.headers.get('cseq')?.[0]
    this.#socket.write(serialize({ ...answer, headers: { ...(sequence && { CSeq: sequence }), Server: 'camgate simulator', ...headers } }))
    if (request.method === 'PLAY' && answer.status === 200) this.#door.play(this)
  }

  async #answer (request: RtspRequest): Promise<Answer> {
    const { method, headers } = request
    if (!headers.has('cseq')) return { status: 400 }
    if (method === 'OPTIONS') return { status: 200, headers: { Public: methods } }
    const refusal = this.#admits(request) ? refusalOf(this.#door.fault, method) : 401
    if (refusal === 401) return this.#reject(request)
    if (refusal !== null) return { status: refusal }
    if (!this.#isOurs(request.url)) return { status: 404 }
    switch (method) {
      case 'DESCRIBE': return this.#describe(request)
      case 'SETUP': return await this.#setup(headers.get('transport')?.[0] ?? '')
      case 'GET_PARAMETER': return { status: 200, headers: this.#sessionHeader() }
      case 'PLAY':
      case 'TEARDOWN': return this.#inSession(method, headers.get('session')?.[0])
      default: return { status: 501, headers: { Public: methods } }
    }
  }

  #admits ({ method, headers }: RtspRequest): boolean {
    const { auth, credentials } = this.#door
    const header = headers.get('authorization')?.[0]
    return auth === 'none' || (header !== undefined && verify(header, this.#challenge, credentials, method))
  }

  #reject ({ headers }: RtspRequest): Answer {
    if (headers.has('authorization')) this.#door.note('rejections')
    return { status: 401, headers: { 'WWW-Authenticate': formatChallenge(this.#challenge) } }
  }

  #isOurs (url: string): boolean {
    const path = url.replace(/^rtsp:\/\/[^/]*/i, '').replace(/[?#].*$/, '').replace(/\/$/, '')
    return path === `/${this.#door.id}` || path === `/${this.#door.id}/${track}`
  }

  #describe ({ url }: RtspRequest): Answer {
    const { clip, title } = this.#door
    const host = this.#socket.localAddress ?? '127.0.0.1'
    return {
      status: 200,
      headers: { 'Content-Base': `${url.replace(/\/$/, '')}/`, 'Content-Type': 'application/sdp' },
      body: writeSdp(clip.track, { host, title, control: track })
    }
  }

  async #setup (header: string): Promise<Answer> {
    const [offer] = parseTransport(header)
    if (offer === undefined || (offer.kind === 'udp' && offer.clientPorts[0] === 0)) return { status: 461 } // no datagram goes to port 0
    this.#leave()
    const { clip } = this.#door
    if (offer.kind === 'tcp') {
      this.player = new Player(clip, interleavedDelivery(this.#socket, offer.channels[0]))
      return { status: 200, headers: { Transport: formatTransport(offer, this.player.ssrc), ...this.#sessionHeader() } }
    }
    const { localAddress = '127.0.0.1', remoteAddress = '127.0.0.1' } = this.#socket
    const delivery = await udpDelivery(localAddress, { address: remoteAddress, port: offer.clientPorts[0] })
    this.player = new Player(clip, delivery)
    return {
      status: 200,
      headers: { Transport: formatTransport(offer, this.player.ssrc, delivery.serverPorts), ...this.#sessionHeader() }
    }
  }

  #inSession (method: 'PLAY' | 'TEARDOWN', header = ''): Answer {
    if (this.player === null) return { status: 455 }
    if (header.split(';')[0]?.trim() !== this.#session) return { status: 454 }
    if (method === 'PLAY') return { status: 200, headers: { Range: 'npt=0.000-', ...this.#sessionHeader() } }
    this.#leave()
    this.#door.note('teardowns')
    return { status: 200 }
  }

  #sessionHeader (): HeaderList {
    return this.player === null ? {} : { Session: `${this.#session};timeout=60` }
  }

  #leave (): void {
    this.#door.pause(this)
    this.player?.delivery.close()
    this.player = null
  }
}
