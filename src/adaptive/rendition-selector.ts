import { CongestionMeter, type Sent } from './congestion-meter.js'

/** A rung that failed is tried again after so long, twice as long after each time, and from the beginning once it has held for so long: milliseconds. */
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = 60_000
const PROVEN = 60_000
/** A rung that has no pictures is left alone for so long: milliseconds. */
const BARRED = 30_000
/** A rung fits into a connection that carries this much more than it. */
const MARGIN = 1.05

interface Rung {
  /** Bytes a second: seen, when it was last used, or as a share of the top's, guessed. */
  load: number | undefined
  readonly share: number
  since: number
  pause: number
  retryAt: number
  barredUntil: number
}

/**
 * Which rendition a viewer's connection can carry. Rung 0 is the full picture. Down at once, to what fits what was measured. Up
 * rung by rung, by trying: a connection that is not full does not tell what more it would carry (what passes at once may be the
 * credit of a token bucket). So a try that fails makes the pause before the next one longer.
 */
export class RenditionSelector {
  readonly #rungs: Rung[]
  readonly #strain = new CongestionMeter()
  #rung = 0
  #wish = 0
  /** The rung from which the last step went up; undefined when it went down. */
  #below: number | undefined
  #lastMove: number

  /** `shares`: what each rung takes of the top's bytes, by guess, from 1 down. `now` in milliseconds, as all times. */
  constructor (shares: readonly number[], now: number) {
    this.#rungs = shares.map(share => ({ share, load: undefined, since: now, pause: FIRST_PAUSE, retryAt: -Infinity, barredUntil: -Infinity }))
    this.#lastMove = now
  }

  /** Where it is. */
  get rung (): number { return this.#rung }

  /** To be called with every picture. Returns the rung to be on: until `move` or `refuse`, where it stays. */
  count (sent: Sent): number {
    this.#strain.count(sent)
    this.#rungs[this.#rung]!.load = this.#strain.load
    if (this.#strain.isTooMuch) {
      if (this.#wish <= this.#rung) this.#wish = this.#lower(sent.to)
    } else if (this.#wish < this.#rung) {
      if (!this.#strain.isEasy) this.#wish = this.#rung // no time to ask for more
    } else if (this.#wish === this.#rung) this.#wish = this.#higher(sent.to)
    return this.#wish
  }

  /** A picture is still being sent, since `from`: one that takes too long is not waited for. Returns what `count` does. */
  wait (sending: Omit<Sent, 'bytes' | 'skipped'>): number {
    this.#strain.wait(sending)
    if (this.#strain.isTooMuch && this.#wish <= this.#rung) this.#wish = this.#lower(sending.to)
    return this.#wish
  }

  /** It is on another rung now. */
  move (to: number, now: number): void {
    const left = this.#rungs[this.#rung]!
    if (to > this.#rung) {
      left.pause = now - left.since >= PROVEN ? FIRST_PAUSE : Math.min(2 * left.pause, LONGEST_PAUSE)
      left.retryAt = now + left.pause
    }
    this.#below = to < this.#rung ? this.#rung : undefined
    this.#rung = this.#wish = to
    this.#rungs[to]!.since = this.#lastMove = now
    this.#strain.startAnew()
  }

  /** A rung has no pictures. */
  refuse (rung: number, now: number): void {
    this.#rungs[rung]!.barredUntil = now + BARRED
    if (this.#wish === rung) this.#wish = this.#rung
    this.#strain.forgive()
  }

  /** The rung for a connection that carries what it has delivered since it has been too much. */
  #lower (now: number): number {
    const below = this.#below
    if (below !== undefined && now - this.#lastMove < FIRST_PAUSE && this.#isOpen(below, now)) return below
    const carried = this.#strain.carried(now)
    const open = [...this.#rungs.keys()].filter(rung => rung > this.#rung && this.#isOpen(rung, now))
    return open.find(rung => this.#loadOf(rung) * MARGIN <= carried) ?? open.at(-1) ?? this.#rung
  }

  #higher (now: number): number {
    if (!this.#strain.isEasy || now - this.#lastMove < FIRST_PAUSE) return this.#rung
    const next = [...this.#rungs.keys()].findLast(rung => rung < this.#rung && this.#isOpen(rung, now)) ?? this.#rung
    return now >= this.#rungs[next]!.retryAt ? next : this.#rung
  }

  #loadOf (rung: number): number {
    const { load, share } = this.#rungs[rung]!
    const here = this.#rungs[this.#rung]!
    return load ?? (here.load ?? Infinity) * share / here.share
  }

  #isOpen (rung: number, now: number): boolean { return now >= this.#rungs[rung]!.barredUntil }
}
