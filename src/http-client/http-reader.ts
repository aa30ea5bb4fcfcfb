import { jpegTrack } from '../codec/track.js'
import { CamgateError } from '../errors.js'
import { quotable } from '../text/redact.js'
import { isTransient, kindOf, upstreamProblem, validators, type HttpKind } from './http-answer.js'
import { HttpClient, type HttpClientOptions } from './http-client.js'
import type { HttpAnswer } from './http-connection.js'
import { headerOf } from './http-head.js'
import { JpegMeter } from '../ingest/jpeg-meter.js'
import { PartReader, type Part } from './part-reader.js'
import type { Reader, ReaderEvents, ReaderReport } from '../ingest/reader.js'

export interface HttpReaderOptions extends HttpClientOptions {
  readonly kind: HttpKind
  /** The highest request rate, if each request returns one picture. */
  readonly fps: number
}

/** Delay before the next request to a camgate that has no picture yet, or to a camera after a transient failure. */
const RETRY_DELAY_MS = 1_000
/** Consecutive transient failures that are retried, if the camera sends single pictures. */
const MAX_RETRIES = 3
/** How long to wait for the bytes after a picture, such as the last boundary. */
const REST_TIMEOUT_MS = 1_000
/** The same for a camera that has omitted them before. */
const SHORT_REST_TIMEOUT_MS = 50

/** Reads a camera that sends JPEGs over HTTP, in one endless answer or one per request. Requests never overlap. */
export class HttpReader implements Reader {
  readonly #options: HttpReaderOptions
  readonly #events: ReaderEvents
  readonly #ending = new AbortController()
  readonly #client: HttpClient
  readonly #meter: JpegMeter
  #parts: PartReader
  #kind: Exclude<HttpKind, 'http'> | undefined
  /** Whether each answer holds one picture. */
  #single = false
  #lacksRest = false
  /** Counts answers without a picture, and pictures that are marked as damaged. */
  #damaged = 0
  /** Headers that ask only for a picture that we do not have yet. */
  #validators: Readonly<Record<string, string>> = {}
  /** Consecutive failed requests. Starts at the limit: before the first picture, nothing is retried. */
  #failures = MAX_RETRIES
  #cancel = () => {}
  /** The state of another camgate's camera, until it shows pictures. */
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
    if (this.#state !== undefined) return `the other camgate has no picture of this camera yet: it is ${this.#state} there`
    const { otherType, pictures } = this.#parts
    if (otherType !== undefined) return `it sends ${quotable(otherType)}, not JPEG`
    return this.#meter.hasBytes && pictures === 0 ? 'there is no whole JPEG in its answer' : undefined
  }

  async #run (): Promise<void> {
    const { clock, fps } = this.#options
    for (let due = clock.now(), pause = 0; ; due = Math.max(due + 1_000 / fps, clock.now() + pause)) {
      await this.#until(due)
      pause = await this.#ask().catch((error: Error) => this.#retry(error))
    }
  }

  /** Resolves with the shortest time until the next request, in milliseconds. */
  async #ask (): Promise<number> {
    const answer = await this.#client.get(this.#validators)
    const state = answer.status === 401 ? undefined : headerOf(answer, 'x-camera-state') // a refusal may have a picture that says why
    if (state !== undefined) {
      this.#noteState(state)
      await this.#client.drain(answer)
      return RETRY_DELAY_MS
    }
    if (answer.status === 304 && Object.keys(this.#validators).length > 0) {
      this.#events.onUnchanged()
      await this.#client.drain(answer)
    } else {
      const pictures = await this.#read(answer)
      if (!this.#single && pictures !== 1) throw new CamgateError('HTTP_CLOSED', 'the camera ended the connection')
      this.#single = true // also with multipart/x-mixed-replace: some cameras send a single part
      this.#validators = pictures === 0 ? {} : validators(answer)
      if (pictures === 0) {
        this.#damaged++
        return 0
      }
    }
    this.#failures = 0
    return 0
  }

  /** Returns the delay before the next request, in milliseconds, or throws. The watchdog still runs, and ends an attempt without pictures. */
  #retry (error: Error): number {
    if (this.#ending.signal.aborted || this.#failures++ >= MAX_RETRIES || !isTransient(error)) throw error
    return RETRY_DELAY_MS
  }

  #begin (kind: Exclude<HttpKind, 'http'>): void {
    this.#kind = kind
    this.#single = kind === 'http-jpeg'
    this.#events.onTrack(jpegTrack)
  }

  /** Resolves with the number of pictures in the body. Throws if the answer has another type, or its body is broken. A whole single picture counts even if the head announced another length. */
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
    let cancel = () => {}
    const giveUp = () => {
      this.#lacksRest = true
      answer.cut()
    }
    try {
      for await (const chunk of answer.body) {
        this.#ending.signal.throwIfAborted()
        cancel()
        this.#meter.add(chunk.length)
        parts.push(chunk)
        if (parts.pictures > 1 && this.#kind === 'http-mjpeg') this.#single = false // the earlier stream broke off after its first picture
        if (parts.pictures > 0 && (this.#single || parts.looksOver)) cancel = clock.after(this.#lacksRest ? SHORT_REST_TIMEOUT_MS : REST_TIMEOUT_MS, giveUp)
      }
      if (answer.whole || this.#kind === 'http-mjpeg') parts.end()
    } catch (error) {
      if (!this.#single || parts.pictures === 0 || !isMiscounted(error as Error)) throw error
    } finally {
      cancel()
    }
    return parts.pictures
  }

  #take ({ bytes, width, height, state, damaged }: Part): void {
    if (this.#ending.signal.aborted) return
    if (state !== undefined) return this.#noteState(state)
    this.#state = undefined
    this.#meter.count({ width, height })
    if (damaged) this.#damaged++
    this.#events.onPicture({ codec: 'mjpeg', at: this.#options.clock.now(), rtpTime: undefined, key: true, damaged, bytes, width, height })
  }

  /** Another camgate sends status frames while it has no picture. They are not shown. */
  #noteState (state: string): void {
    const error = upstreamProblem(state)
    if (error) throw error
    this.#state = /^[a-z]{1,20}$/.exec(state)?.[0] ?? 'away'
  }

  async #until (due: number): Promise<void> {
    const { clock } = this.#options
    await new Promise<void>(resolve => { this.#cancel = clock.after(Math.max(0, due - clock.now()), resolve) })
    this.#ending.signal.throwIfAborted()
  }

  #end (error: Error | undefined): void {
    if (this.#ending.signal.aborted) return
    this.#ending.abort()
    this.#cancel()
    void this.#client.close().then(() => this.#events.onEnd(error))
  }
}

/** Whether the body's length differs from what its head announced. */
const isMiscounted = ({ code = '' }: Error & { code?: string }): boolean => code === 'ECONNRESET' || code === 'HTTP_CHUNKS'
