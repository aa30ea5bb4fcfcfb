import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { Authorizer, type AuthorizerOptions } from '../http-auth/authorizer.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import { resolveControl } from '../rtsp/control.js'
import type { Credentials } from '../credentials.js'
import { readSdp } from '../rtsp/sdp-reader.js'
import { depacketizerOf } from '../depacketizer/for-track.js'
import type { ReceivedTrack, Track } from '../codec/track.js'
import { MOST_REDIRECTS, reachable, redirected, type CameraAddress } from '../ingest/address.js'
import { RtpTransport, type RtpTransportReport, type Transport } from './rtp-transport.js'
import { accepted, RtspClient, RtspRefusal } from './rtsp-client.js'
import { KeepAlive } from './keep-alive.js'
import { RtspConnection } from './rtsp-connection.js'

export interface SessionOptions {
  readonly address: CameraAddress
  readonly credentials?: Credentials | undefined
  readonly auth?: AuthorizerOptions | undefined
  /** `auto`: TCP, and UDP where a camera does not do that. */
  readonly transport: Transport | 'auto'
  readonly clock: Clock
}

export interface SessionEvents {
  /** What the camera sends is known; pictures follow. */
  readonly onTrack: (track: Track) => void
  readonly onPicture: (picture: CodedPicture) => void
  /** Once, when every socket is closed: why it ended, undefined after `stop()`. Never before the session was returned. */
  readonly onEnd: (error: Error | undefined) => void
}

/** RFC 2326 section 12.37, in seconds. */
const DEFAULT_TIMEOUT = 60

/** One client of one camera, video only, RFC 2326: from OPTIONS to TEARDOWN, which is said on every way out. */
export class Session {
  readonly #options: SessionOptions
  readonly #events: SessionEvents
  readonly #ending = new AbortController()
  #wire: RtspConnection | undefined
  #dialogue: RtspClient | undefined
  #carriage: RtpTransport | undefined
  #keepAlive: KeepAlive | undefined
  /** What TEARDOWN is about; undefined while there is nothing to tear down. */
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

  /** Undefined before the camera has agreed how to send. */
  report (): RtpTransportReport | undefined {
    return this.#carriage?.report()
  }

  get lastError (): string | undefined {
    return (this.report()?.bitsPerSecond ?? 0) > 0 ? 'packets come, but no picture that can be decoded by itself (a key picture, or I-frame); have the camera send them more often' : undefined
  }

  /** What ends the session may come together with an answer, right behind it: nothing is begun after that. */
  async #run (): Promise<void> {
    const { signal } = this.#ending
    const { base, track } = await this.#describe()
    signal.throwIfAborted()
    this.#events.onTrack({ ...track, depth: depacketizerOf(track).format?.depth })
    const timeout = await this.#setUp(track, resolveControl(base, track.control)) // of the session, in seconds
    signal.throwIfAborted()
    this.#playing = base
    const played = await this.#dialogue!.demand('PLAY', base, { Range: 'npt=0.000-' })
    signal.throwIfAborted()
    this.#keepAlive?.start(base, this.#dialogue!.enter(played) ?? timeout ?? DEFAULT_TIMEOUT)
    this.#carriage!.reportTo(this.#wire!)
  }

  /** Connects and asks what there is, wherever the camera sends us for it. */
  async #describe (): Promise<{ base: string, track: ReceivedTrack }> {
    let { address } = this.#options
    for (let redirects = 0; ; redirects++) {
      const dialogue = await this.#connect(address)
      const options = await dialogue.ask('OPTIONS', address.url)
      if (options.status === 401) throw new RtspRefusal('OPTIONS', options) // once is enough: cameras lock accounts
      this.#keepAlive = new KeepAlive(dialogue, options.headers.get('public') ?? [], this.#options.clock)
      const answer = await dialogue.ask('DESCRIBE', address.url, { Accept: 'application/sdp' })
      const elsewhere = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location')?.[0] : undefined
      if (elsewhere === undefined || redirects === MOST_REDIRECTS) {
        accepted('DESCRIBE', answer)
        const base = answer.headers.get('content-base')?.[0] || answer.headers.get('content-location')?.[0] || address.url
        const { tracks: [track], sessionControl, unsupported } = readSdp(answer.body.toString('latin1'))
        if (!track) throw new CamgateError('UNSPOKEN', unsupported.join(', '))
        return { base: resolveControl(reachable(base, address), sessionControl), track }
      }
      address = redirected(address, elsewhere, this.#options.credentials !== undefined, this.#wire!)
    }
  }

  async #connect (address: CameraAddress): Promise<RtspClient> {
    const { clock, credentials, auth } = this.#options
    const former = this.#wire
    this.#wire = undefined
    await former?.close()
    const wire = await RtspConnection.open(address, clock, this.#ending.signal, {
      onPacket: (channel, packet) => this.#carriage?.take(channel, packet),
      onEnd: error => { if (error) this.#end(error) }
    })
    if (this.#ending.signal.aborted) await wire.close()
    this.#ending.signal.throwIfAborted()
    this.#wire = wire
    this.#dialogue = new RtspClient(wire, new Authorizer(credentials, auth))
    return this.#dialogue
  }

  /** Resolves with the session's timeout in seconds, if the camera names one. */
  async #setUp (track: ReceivedTrack, url: string): Promise<number | undefined> {
    const { transport, clock } = this.#options
    const events = { onPicture: this.#events.onPicture, onBroken: (error: Error) => this.#end(error) }
    const [first, second] = transport === 'auto' ? ['tcp', 'udp'] as const : [transport]
    const attempt = async (kind: Transport) => {
      this.#carriage?.close()
      this.#carriage = await RtpTransport.open(kind, track, this.#wire!, clock, events)
      if (this.#ending.signal.aborted) this.#carriage.close()
      return await this.#dialogue!.ask('SETUP', url, { Transport: this.#carriage.offer })
    }
    let answer = await attempt(first)
    if (answer.status === 461 && second) answer = await attempt(second)
    accepted('SETUP', answer)
    this.#carriage!.agree(answer.headers.get('transport')?.[0] ?? '')
    return this.#dialogue!.enter(answer)
  }

  #end (error: Error | undefined): void {
    if (this.#ending.signal.aborted) return
    this.#ending.abort()
    this.#keepAlive?.stop()
    this.#carriage?.close()
    const farewell = this.#playing === undefined ? undefined : this.#dialogue?.request('TEARDOWN', this.#playing)
    const closed = this.#wire?.close(farewell) ?? Promise.resolve()
    void closed.then(() => this.#events.onEnd(error))
  }
}
