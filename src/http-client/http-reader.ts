import { jpegTrack } from '../codec/track.js'
import { CamgateError } from '../errors.js'
import { quotable } from '../redact.js'
import { kindOf, mayPass, relayed, validators, type HttpKind } from './http-answer.js'
import { HttpClient, type HttpClientOptions } from './http-client.js'
import type { HttpAnswer } from './http-connection.js'
import { headerOf } from './http-head.js'
import { JpegMeter } from '../ingest/jpeg-meter.js'
import { PartReader, type Part } from './part-reader.js'
import type { Reader, ReaderEvents, ReaderReport } from '../ingest/reader.js'

export interface HttpReaderOptions extends HttpClientOptions {
  readonly kind: HttpKind
  /** Pictures a second that are asked for, at most, where each is asked for. */
  readonly fps: number
}

/** Another camgate whose camera is about to show pictures is asked again so much later (milliseconds). */
const ASK_AGAIN = 1_000
/** A camera of which single pictures come is asked again so often when it fails in a way that may pass, one time behind the other, that much later, too. */
const FORGIVEN = 3
/** What should stand behind a picture, and of which nothing comes for so long (milliseconds), will not come. Less where that is known of the camera. */
const REST_WITHIN = 1_000
const REST_KNOWN_TO_LACK = 50

/** One client of a camera that sends JPEGs over HTTP: one after the other in an endless answer, or one for each request, which never overlap. */
export class HttpReader implements Reader {
  readonly #options: HttpReaderOptions
  readonly #events: ReaderEvents
  readonly #ending = new AbortController()
  readonly #client: HttpClient
  readonly #meter: JpegMeter
  #parts: PartReader
  #kind: Exclude<HttpKind, 'http'> | undefined
  /** Whether each request is answered with one picture. */
  #single = false
  #lacksRest = false
  /** Pictures that were none, or say that they are damaged. */
  #damaged = 0
  /** What makes of a request one for a picture that is not known yet. */
  #known: Readonly<Record<string, string>> = {}
  /** Requests in a row that failed; before the first picture there is none to forgive. */
  #mishaps = FORGIVEN
  #callOff = () => {}
  /** Of a camera of another camgate that is about to show pictures. */
  #state: string | undefined

  constructor (options: HttpReaderOptions, events: ReaderEvents) {
    this.#options = options
    this.#events = events
    this.#client = new HttpClient(options, this.#ending.signal)
    this.#meter = new JpegMeter(options.clock)
    this.#parts = new PartReader(part => this.#take(part))
    this.#run().catch((error: Error) => this.#end(error))
  }

  stop (): void {
    this.#end(undefined)
  }

  report (): ReaderReport | undefined {
    return this.#kind && this.#meter.report('http', this.#damaged)
  }

  get lastError (): string | undefined {
    if (this.#state !== undefined) return `the camgate that is asked has no picture of this camera yet: it is ${this.#state} there`
    const { otherType, pictures } = this.#parts
    if (otherType !== undefined) return `it sends ${quotable(otherType)}, not JPEG`
    return this.#meter.hasBytes && pictures === 0 ? 'there is no whole JPEG in its answer' : undefined
  }

  async #run (): Promise<void> {
    const { clock, fps } = this.#options
    for (let due = clock.now(), pause = 0; ; due = Math.max(due + 1_000 / fps, clock.now() + pause)) {
      await this.#until(due)
      pause = await this.#ask().catch((error: Error) => this.#forgive(error))
    }
  }

  /** Resolves with the least time until it may be asked again: milliseconds. */
  async #ask (): Promise<number> {
    const answer = await this.#client.get(this.#known)
    const state = headerOf(answer, 'x-camera-state')
    if (state !== undefined) {
      this.#see(state)
      await this.#client.drain(answer)
      return ASK_AGAIN
    }
    if (answer.status === 304 && Object.keys(this.#known).length > 0) {
      this.#events.onUnchanged()
      await this.#client.drain(answer)
    } else {
      const pictures = await this.#read(answer)
      if (!this.#single && pictures !== 1) throw new CamgateError('HTTP_CLOSED', 'the camera ended the connection')
      this.#single = true // also with multipart/x-mixed-replace: there are cameras that send one part
      this.#known = pictures === 0 ? {} : validators(answer)
      if (pictures === 0) {
        this.#damaged++
        return 0
      }
    }
    this.#mishaps = 0
    return 0
  }

  /** Whether pictures come meanwhile is the watchdog's to look at. */
  #forgive (error: Error): number {
    if (this.#ending.signal.aborted || this.#mishaps++ >= FORGIVEN || !mayPass(error)) throw error
    return ASK_AGAIN
  }

  #begin (kind: Exclude<HttpKind, 'http'>): void {
    this.#kind = kind
    this.#single = kind === 'http-jpeg'
    this.#events.onTrack(jpegTrack)
  }

  /** Resolves with the number of pictures when the body is over. Throws why it was not whole, or is no answer; a body that held a whole picture is none of these, whatever its head says. */
  async #read (answer: HttpAnswer): Promise<number> {
    const { kind, clock } = this.#options
    try {
      if (this.#kind === undefined) this.#begin(kindOf(answer, kind))
      else kindOf(answer, this.#kind)
    } catch (error) {
      answer.cut()
      throw error
    }
    const isDamaged = headerOf(answer, 'x-damaged') === '1'
    const parts = this.#parts = new PartReader(part => this.#take({ ...part, damaged: part.damaged || isDamaged }), this.#kind === 'http-jpeg' ? answer.length : undefined)
    let callOff = () => {}
    const giveUp = () => {
      this.#lacksRest = true
      answer.cut()
    }
    try {
      for await (const chunk of answer.body) {
        this.#ending.signal.throwIfAborted()
        callOff()
        this.#meter.add(chunk.length)
        parts.push(chunk)
        if (parts.pictures > 1 && this.#kind === 'http-mjpeg') this.#single = false // a stream that broke off after its first picture
        if (parts.pictures > 0 && (this.#single || parts.looksOver)) callOff = clock.after(this.#lacksRest ? REST_KNOWN_TO_LACK : REST_WITHIN, giveUp)
      }
      if (answer.whole || this.#kind === 'http-mjpeg') parts.end()
    } catch (error) {
      if (!this.#single || parts.pictures === 0 || !isMiscounted(error as Error)) throw error
    } finally {
      callOff()
    }
    return parts.pictures
  }

  #take ({ bytes, width, height, state, damaged }: Part): void {
    if (this.#ending.signal.aborted) return
    if (state !== undefined) return this.#see(state)
    this.#state = undefined
    this.#meter.count({ width, height })
    if (damaged) this.#damaged++
    this.#events.onPicture({ codec: 'mjpeg', at: this.#options.clock.now(), rtpTime: undefined, key: true, damaged, bytes, width, height })
  }

  /** A picture that another camgate has drawn, to say that it has none, is not the camera's. */
  #see (state: string): void {
    const error = relayed(state)
    if (error) throw error
    this.#state = /^[a-z]{1,20}$/.exec(state)?.[0] ?? 'away'
  }

  async #until (due: number): Promise<void> {
    const { clock } = this.#options
    await new Promise<void>(resolve => { this.#callOff = clock.after(Math.max(0, due - clock.now()), resolve) })
    this.#ending.signal.throwIfAborted()
  }

  #end (error: Error | undefined): void {
    if (this.#ending.signal.aborted) return
    this.#ending.abort()
    this.#callOff()
    void this.#client.close().then(() => this.#events.onEnd(error))
  }
}

/** Whether a body ended otherwise than its head said. */
const isMiscounted = ({ code = '' }: Error & { code?: string }): boolean => code === 'ECONNRESET' || code === 'HTTP_CHUNKS'
