/** What a connection says of itself, where the system can be asked. */
export interface Link {
  /** Bytes that have arrived, since the beginning. */
  readonly delivered: number
  /** The way there and back, milliseconds: of late, and the shortest that was seen. What lies between is spent in queues. */
  readonly roundTrip: number
  readonly shortestTrip: number
}

/** One picture that was sent. */
export interface Sent {
  readonly bytes: number
  /** When it began, and when the connection was free for the next: milliseconds. */
  readonly from: number
  readonly to: number
  /** Pictures that came meanwhile, and were left out for newer ones. */
  readonly skipped: number
  readonly link?: Link | undefined
}

/**
 * Pictures that a viewer may miss, on balance, before its rung is too much for it: each that is skipped or late counts one, each
 * that is sent takes back a ninth. One in ten may be skipped for ever, then; of two in three, it takes four.
 */
const BEARABLE = 2.5
const FORGIVEN = 1 / 9
/** A picture that waited so long in queues on its way is late; one that takes so long to be sent at all is the end of it: milliseconds. */
const QUEUED = 200
const HOPELESS = 1_000
/** TCP begins slowly, and again when pictures grow: nothing is held against a rung for so many round trips, or milliseconds where they are not known. */
const SLOW_START = { trips: 4, least: 100, most: 1_000, unknown: 500 }
/** A rung that failed is tried again after so long, twice as long after each time, and from the beginning once it has held for so long: milliseconds. */
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = 60_000
const PROVEN = 60_000
/** A rung that has no pictures is left alone for so long: milliseconds. */
const BARRED = 30_000
/** A rung fits into a connection that carries this much more than it. */
const MARGIN = 1.05
/** Weight of the newest picture in the means. */
const NEWEST = 0.1

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
export class Ladder {
  readonly #rungs: Rung[]
  #rung = 0
  #wish = 0
  /** The rung from which the last step went up; undefined when it went down. */
  #below: number | undefined
  #judgeFrom: number | undefined
  #lastMove: number
  #lastTrip = 0
  /** What is held against the rung, and since when, with what had been delivered then. */
  #missed = 0
  #began = { at: 0, delivered: 0 }
  #last: { at: number, delivered: number } | undefined
  #sent = 0
  #bytes = 0
  #interval = 0

  /** `shares`: what each rung takes of the top's bytes, by guess, from 1 down. `now` in milliseconds, as all times. */
  constructor (shares: readonly number[], now: number) {
    this.#rungs = shares.map(share => ({ share, load: undefined, since: now, pause: FIRST_PAUSE, retryAt: -Infinity, barredUntil: -Infinity }))
    this.#lastMove = now
  }

  /** Where it is. */
  get rung (): number { return this.#rung }

  /** To be called with every picture. Returns the rung to be on: until `move` or `refuse`, where it stays. */
  count (sent: Sent): number {
    this.#measure(sent)
    if (this.#missed >= BEARABLE) {
      if (this.#wish <= this.#rung) this.#wish = this.#lower(sent.to)
    } else if (this.#wish < this.#rung) {
      if (this.#missed >= 1) this.#wish = this.#rung // no time to ask for more
    } else if (this.#wish === this.#rung) this.#wish = this.#higher(sent.to)
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
    this.#missed = this.#bytes = this.#interval = 0
    this.#judgeFrom = this.#last = undefined
  }

  /** A rung has no pictures. */
  refuse (rung: number, now: number): void {
    this.#rungs[rung]!.barredUntil = now + BARRED
    if (this.#wish === rung) this.#wish = this.#rung
    this.#missed = 0
  }

  #measure ({ bytes, from, to, skipped, link }: Sent): void {
    this.#sent += bytes
    const now = { at: to, delivered: link?.delivered ?? this.#sent }
    const last = this.#last ?? { at: from, delivered: now.delivered - bytes }
    this.#last = now
    this.#judgeFrom ??= from + slowStart(link)
    const rung = this.#rungs[this.#rung]!
    const weight = this.#interval === 0 ? 1 : NEWEST
    this.#bytes += weight * (bytes * (1 + skipped) - this.#bytes)
    this.#interval += weight * (Math.max(1, to - last.at) - this.#interval)
    rung.load = this.#bytes / this.#interval * 1_000
    const late = this.#isLate(link)
    if (to < this.#judgeFrom) return
    if (this.#missed === 0) this.#began = last
    if (to - from >= HOPELESS) this.#missed = BEARABLE
    else this.#missed = Math.min(BEARABLE, Math.max(0, this.#missed + skipped + (late ? 1 : 0) - FORGIVEN))
  }

  /** While queues on the way grow or stand; that they empty after a move is not held against the new rung. */
  #isLate (link: Link | undefined): boolean {
    if (!link) return false
    const shrinks = link.roundTrip < this.#lastTrip
    this.#lastTrip = link.roundTrip
    return !shrinks && link.roundTrip - link.shortestTrip > QUEUED
  }

  /** The rung for a connection that carries what it has delivered since it has been too much. */
  #lower (now: number): number {
    const below = this.#below
    if (below !== undefined && now - this.#lastMove < FIRST_PAUSE && this.#isOpen(below, now)) return below
    const carried = (this.#last!.delivered - this.#began.delivered) / Math.max(1, now - this.#began.at) * 1_000
    const open = [...this.#rungs.keys()].filter(rung => rung > this.#rung && this.#isOpen(rung, now))
    return open.find(rung => this.#loadOf(rung) * MARGIN <= carried) ?? open.at(-1) ?? this.#rung
  }

  #higher (now: number): number {
    if (this.#missed >= 1 || now - this.#lastMove < FIRST_PAUSE) return this.#rung
    const next = [...this.#rungs.keys()].findLast(rung => rung < this.#rung && this.#isOpen(rung, now)) ?? this.#rung
    return now >= this.#rungs[next]!.retryAt ? next : this.#rung
  }

  #loadOf (rung: number): number {
    const { load, share } = this.#rungs[rung]!
    const here = this.#rungs[this.#rung]!
    return load ?? here.load! * share / here.share
  }

  #isOpen (rung: number, now: number): boolean { return now >= this.#rungs[rung]!.barredUntil }
}

function slowStart (link: Link | undefined): number {
  const { trips, least, most, unknown } = SLOW_START
  return link ? Math.min(most, Math.max(least, trips * link.shortestTrip)) : unknown
}
