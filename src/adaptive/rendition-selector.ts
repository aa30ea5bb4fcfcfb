import { CongestionMeter, type Sent } from './congestion-meter.js'

/** Retry a failed rendition after this delay. It doubles with each failure, and is reset once the rendition has held. */
const MIN_RETRY_DELAY_MS = 5_000
const MAX_RETRY_DELAY_MS = 60_000
const HELD_AFTER_MS = 60_000
/** The viewer stays on a rendition this long before it tries a larger one. A try that ends sooner has failed. */
const MIN_STAY_MS = 5_000
/** Do not retry a rendition without pictures for this long. */
const BARRED_MS = 30_000
/** A connection can carry a rendition if its throughput is this many times the rendition's load. */
const HEADROOM = 1.05

interface Option {
  /** Bytes per second, measured when it was last used; undefined if it never was. */
  load: number | undefined
  readonly share: number
  since: number
  retryDelayMs: number
  retryAt: number
  barredUntil: number
}

/**
 * Chooses the rendition that a viewer's connection can carry, by its index: 0 is the full picture, the largest. It goes down at once, to one that
 * fits the measured throughput. It goes up one by one, by trial: a connection that is not full does not show how much more it could carry (a burst
 * may be the credit of a token bucket). So each failed try lengthens the delay before the next one.
 */
export class RenditionSelector {
  readonly #options: Option[]
  readonly #congestion = new CongestionMeter()
  #current = 0
  #target = 0
  /** The rendition before the last switch, if that went up. */
  #cameUpFrom: number | undefined
  #switchedAt: number

  /** `shares`: each rendition's estimated bytes as a fraction of the full picture's, from 1 down. All times are in milliseconds. */
  constructor (shares: readonly number[], now: number) {
    this.#options = shares.map(share => ({ share, load: undefined, since: now, retryDelayMs: MIN_RETRY_DELAY_MS, retryAt: -Infinity, barredUntil: -Infinity }))
    this.#switchedAt = now
  }

  get current (): number { return this.#current }

  /** Call this for every sent picture. Returns the rendition to switch to; the current one stays until `switchTo`. */
  count (sent: Sent): number {
    this.#congestion.count(sent)
    this.#options[this.#current]!.load = this.#congestion.load
    if (this.#congestion.isCongested) {
      if (this.#target <= this.#current) this.#target = this.#smaller(sent.to)
    } else if (this.#target < this.#current) {
      if (!this.#congestion.isClear) this.#target = this.#current // this is no time to go up
    } else if (this.#target === this.#current) this.#target = this.#larger(sent.to)
    return this.#target
  }

  /** Call this while a picture has been sending since `from`. Does not wait for the end of one that takes too long. Returns the same as `count`. */
  wait (sending: Omit<Sent, 'bytes' | 'skipped'>): number {
    this.#congestion.wait(sending)
    if (this.#congestion.isCongested && this.#target <= this.#current) this.#target = this.#smaller(sending.to)
    return this.#target
  }

  /** Call this when the viewer switches to another rendition. */
  switchTo (option: number, now: number): void {
    const left = this.#options[this.#current]!
    if (option > this.#current) {
      left.retryDelayMs = now - left.since >= HELD_AFTER_MS ? MIN_RETRY_DELAY_MS : Math.min(2 * left.retryDelayMs, MAX_RETRY_DELAY_MS)
      left.retryAt = now + left.retryDelayMs
    }
    this.#cameUpFrom = option < this.#current ? this.#current : undefined
    this.#current = this.#target = option
    this.#options[option]!.since = this.#switchedAt = now
    this.#congestion.reset()
  }

  /** Excludes a rendition without pictures for a while. */
  bar (option: number, now: number): void {
    this.#options[option]!.barredUntil = now + BARRED_MS
    if (this.#target === option) this.#target = this.#current
    this.#congestion.forgive()
  }

  /** The largest one that fits the throughput since pictures began to be missed. */
  #smaller (now: number): number {
    const before = this.#cameUpFrom
    if (before !== undefined && now - this.#switchedAt < MIN_STAY_MS && this.#isOpen(before, now)) return before
    const throughput = this.#congestion.throughput(now)
    const open = [...this.#options.keys()].filter(option => option > this.#current && this.#isOpen(option, now))
    return open.find(option => this.#loadOf(option) * HEADROOM <= throughput) ?? open.at(-1) ?? this.#current
  }

  #larger (now: number): number {
    if (!this.#congestion.isClear || now - this.#switchedAt < MIN_STAY_MS) return this.#current
    const next = [...this.#options.keys()].findLast(option => option < this.#current && this.#isOpen(option, now)) ?? this.#current
    return now >= this.#options[next]!.retryAt ? next : this.#current
  }

  /** The measured load, or an estimate from the current one's. */
  #loadOf (option: number): number {
    const { load, share } = this.#options[option]!
    const current = this.#options[this.#current]!
    return load ?? (current.load ?? Infinity) * share / current.share
  }

  #isOpen (option: number, now: number): boolean { return now >= this.#options[option]!.barredUntil }
}
