import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Authorizer, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import { resolveControl } from '../rtsp/control.js'
import type { Credentials } from '../credentials.js'
import { readSdp } from '../rtsp/sdp-reader.js'
import { depacketizerOf } from '../depacketizer/depacketizer-of.js'
import type { ReceivedTrack, Track } from '../codec/track.js'
import { MAX_REDIRECTS, reachable, redirected, type CameraAddress } from '../ingest/address.js'
import { unlessAborted } from '../ingest/unless-aborted.js'
import { RtpTransport, type RtpTransportReport, type Transport } from './rtp-transport.js'
import { accepted, RtspClient, RtspRefusal } from './rtsp-client.js'
import { KeepAlive } from './keep-alive.js'
import { RtspConnection } from './rtsp-connection.js'

export interface SessionOptions {
  readonly address: CameraAddress
  readonly credentials?: Credentials | undefined
  readonly auth?: AuthorizerOptions | undefined
  /** `auto`: TCP, or UDP if the camera refuses TCP. */
  readonly transport: Transport | 'auto'
  readonly clock: Clock
}

export interface SessionEvents {
  /** Called when it is known what the camera sends. Pictures follow. */
  readonly onTrack: (track: Track) => void
  readonly onPicture: (picture: CodedPicture) => void
  /** Called once, after every socket has closed, and never before the session is returned. Undefined after `stop()`. */
  readonly onEnd: (error: Error | undefined) => void
}

/** RFC 2326 section 12.37. */
const DEFAULT_TIMEOUT_SECONDS = 60

/** One client of one camera, for its video only, RFC 2326: from OPTIONS to TEARDOWN, which it sends however it ends. */
export class Session {
  readonly #options: SessionOptions
  readonly #events: SessionEvents
  readonly #ending = new AbortController()
  #connection: RtspConnection | undefined
  #client: RtspClient | undefined
  #transport: RtpTransport | undefined
  #keepAlive: KeepAlive | undefined
  /** The URL of TEARDOWN; undefined while nothing plays. */
  #playing: string | undefined

  constructor (options: SessionOptions, events: SessionEvents) {
    this.#options = options
    this.#events = events
    this.#run().catch((error: Error) => this.#end(error))
  }

  /** Idempotent, and legal at any time. */
  stop (): void {
    this.#end(undefined)
  }

  /** Undefined before the camera has agreed to a transport. */
  report (): RtpTransportReport | undefined {
    return this.#transport?.report()
  }

  get lastError (): string | undefined {
    return (this.report()?.bitsPerSecond ?? 0) > 0 ? 'packets come, but no picture that can be decoded by itself (a key picture, or I-frame); have the camera send them more often' : undefined
  }

  /** The session may end just as an answer arrives: nothing is begun after that. */
  async #run (): Promise<void> {
    const { signal } = this.#ending
    const { base, track } = await this.#describe()
    signal.throwIfAborted()
    this.#events.onTrack({ ...track, format: depacketizerOf(track).format })
    const timeout = await this.#setUp(track, resolveControl(base, track.control)) // of the session, in seconds
    signal.throwIfAborted()
    this.#playing = base
    const played = await this.#client!.demand('PLAY', base, { Range: 'npt=0.000-' })
    signal.throwIfAborted()
    this.#keepAlive?.start(base, this.#client!.enterSession(played) ?? timeout ?? DEFAULT_TIMEOUT_SECONDS)
    this.#transport!.reportTo(this.#connection!)
  }

  /** Connects and gets the description, following the camera's redirects. */
  async #describe (): Promise<{ base: string, track: ReceivedTrack }> {
    let { address } = this.#options
    for (let redirects = 0; ; redirects++) {
      const client = await this.#connect(address)
      const options = await client.ask('OPTIONS', address.url)
      if (options.status === 401) throw new RtspRefusal('OPTIONS', options) // no second login: cameras lock accounts
      this.#keepAlive = new KeepAlive(client, options.headers.get('public') ?? [], this.#options.clock)
      const answer = await client.ask('DESCRIBE', address.url, { Accept: 'application/sdp' })
      const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location')?.[0] : undefined
      if (location === undefined || redirects === MAX_REDIRECTS) {
        accepted('DESCRIBE', answer)
        const base = answer.headers.get('content-base')?.[0] || answer.headers.get('content-location')?.[0] || address.url
        const { tracks: [track], sessionControl, unsupported } = readSdp(answer.body.toString('latin1'))
        if (!track) throw new CamgateError('UNSUPPORTED_VIDEO', unsupported.join(', '))
        return { base: resolveControl(reachable(base, address), sessionControl), track }
      }
      address = redirected(address, location, this.#options.credentials !== undefined, this.#connection!)
    }
  }

  async #connect (address: CameraAddress): Promise<RtspClient> {
    const { clock, credentials, auth } = this.#options
    const former = this.#connection
    this.#connection = undefined
    await former?.close()
    const { signal } = this.#ending
    const connection = this.#connection = await unlessAborted(signal, RtspConnection.open(address, clock, signal, {
      onPacket: (channel, packet) => this.#transport?.take(channel, packet),
      onEnd: error => { if (error) this.#end(error) }
    }))
    this.#client = new RtspClient(connection, new Authorizer(credentials, auth))
    return this.#client
  }

  /** Resolves with the session's timeout in seconds, if the camera sends one. */
  async #setUp (track: ReceivedTrack, url: string): Promise<number | undefined> {
    const { transport, clock } = this.#options
    const events = { onPicture: this.#events.onPicture, onBroken: (error: Error) => this.#end(error) }
    const [first, second] = transport === 'auto' ? ['tcp', 'udp'] as const : [transport]
    const attempt = async (kind: Transport) => {
      this.#transport?.close()
      this.#transport = await RtpTransport.open(kind, track, this.#connection!, clock, events)
      if (this.#ending.signal.aborted) this.#transport.close()
      return await this.#client!.ask('SETUP', url, { Transport: this.#transport.offer })
    }
    let answer = await attempt(first)
    if (answer.status === 461 && second) answer = await attempt(second)
    accepted('SETUP', answer)
    this.#transport!.agree(answer.headers.get('transport')?.[0] ?? '')
    return this.#client!.enterSession(answer)
  }

  #end (error: Error | undefined): void {
    if (this.#ending.signal.aborted) return
    this.#ending.abort()
    this.#keepAlive?.stop()
    this.#transport?.close()
    const farewell = this.#playing === undefined ? undefined : this.#client?.request('TEARDOWN', this.#playing)
    const closed = this.#connection?.close(farewell) ?? Promise.resolve()
    void closed.then(() => this.#events.onEnd(error))
  }
}
