import { CongestionMeter, type Sent } from './congestion-meter.js'

/** A rendition that failed is tried again after this delay; it doubles with each failure, and starts over once the rendition has held. */
const MIN_RETRY_DELAY_MS = 5_000
const MAX_RETRY_DELAY_MS = 60_000
const HELD_AFTER_MS = 60_000
/** How long the viewer stays on a rendition before it tries a larger one; one that is left sooner was a failed try. */
const MIN_STAY_MS = 5_000
/** A rendition without pictures is not tried again for this long. */
const BARRED_MS = 30_000
/** A rendition fits a connection that carries this many times its load. */
const HEADROOM = 1.05

interface Option {
  /** Bytes a second: measured when it was last used; undefined if it never was. */
  load: number | undefined
  readonly share: number
  since: number
  retryDelayMs: number
  retryAt: number
  barredUntil: number
}

/**
 * Chooses the rendition that a viewer's connection can carry, by its index: 0 is the full picture, the largest. It goes down at once, to what
 * fits the measured throughput. It goes up one by one, by trying: a connection that is not full does not show how much more it would carry (a burst that
 * passes may be the credit of a token bucket). So each try that fails makes the delay before the next one longer.
 */
export class RenditionSelector {
  readonly #options: Option[]
  readonly #congestion = new CongestionMeter()
  #current = 0
  #target = 0
  /** The rendition before the last switch, if that went up. */
  #cameUpFrom: number | undefined
  #switchedAt: number

  /** `shares`: estimates of each rendition's bytes, relative to the full picture's, from 1 down. All times are in milliseconds. */
  constructor (shares: readonly number[], now: number) {
    this.#options = shares.map(share => ({ share, load: undefined, since: now, retryDelayMs: MIN_RETRY_DELAY_MS, retryAt: -Infinity, barredUntil: -Infinity }))
    this.#switchedAt = now
  }

  get current (): number { return this.#current }

  /** Call it with every picture. Returns the rendition to switch to; the current one stays until `switchTo`. */
  count (sent: Sent): number {
    this.#congestion.count(sent)
    this.#options[this.#current]!.load = this.#congestion.load
    if (this.#congestion.isCongested) {
      if (this.#target <= this.#current) this.#target = this.#smaller(sent.to)
    } else if (this.#target < this.#current) {
      if (!this.#congestion.isClear) this.#target = this.#current // no time to ask for more
    } else if (this.#target === this.#current) this.#target = this.#larger(sent.to)
    return this.#target
  }

  /** A picture is still being sent, since `from`. One that takes too long is not waited for. Returns the same as `count`. */
  wait (sending: Omit<Sent, 'bytes' | 'skipped'>): number {
    this.#congestion.wait(sending)
    if (this.#congestion.isCongested && this.#target <= this.#current) this.#target = this.#smaller(sending.to)
    return this.#target
  }

  /** The viewer gets another rendition from now on. */
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

  /** A rendition has no pictures: leave it out for a while. */
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

  /** Measured if it can be, else estimated from the current one. */
  #loadOf (option: number): number {
    const { load, share } = this.#options[option]!
    const current = this.#options[this.#current]!
    return load ?? (current.load ?? Infinity) * share / current.share
  }

  #isOpen (option: number, now: number): boolean { return now >= this.#options[option]!.barredUntil }
}
