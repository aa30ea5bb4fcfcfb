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
/** Weight of the newest picture in the means. */
const NEWEST = 0.1

/** What the pictures of one rung are to a viewer's connection: how many it misses of them, and what it carries. */
export class CongestionMeter {
  #judgeFrom: number | undefined
  #lastTrip = 0
  #missed = 0
  /** Since when something is held against the rung, with what had been delivered then. */
  #began = { at: 0, delivered: 0 }
  /** When the last picture was there. */
  #last: { at: number, delivered: number } | undefined
  /** All that had been delivered when that was looked at last. */
  #delivered = 0
  #sent = 0
  #bytes = 0
  #interval = 0

  get isTooMuch (): boolean { return this.#missed >= BEARABLE }
  /** Whether there is nothing against asking for more. */
  get isEasy (): boolean { return this.#missed < 1 }

  /** Bytes a second that all of the rung's pictures take, those that were left out among them. */
  get load (): number { return this.#bytes / this.#interval * 1_000 }

  /** Bytes a second that the connection has delivered since something is held against the rung. */
  carried (now: number): number {
    return (this.#delivered - this.#began.delivered) / Math.max(1, now - this.#began.at) * 1_000
  }

  count ({ bytes, from, to, skipped, link }: Sent): void {
    this.#sent += bytes
    const now = { at: to, delivered: link?.delivered ?? this.#sent }
    const last = this.#last ?? { at: from, delivered: now.delivered - bytes }
    this.#last = now
    this.#delivered = now.delivered
    this.#judgeFrom ??= from + slowStart(link)
    const weight = this.#interval === 0 ? 1 : NEWEST
    this.#bytes += weight * (bytes * (1 + skipped) - this.#bytes)
    this.#interval += weight * (Math.max(1, to - last.at) - this.#interval)
    const late = this.#isLate(link)
    if (to < this.#judgeFrom) return
    if (this.#missed === 0) this.#began = last
    if (to - from >= HOPELESS) this.#missed = BEARABLE
    else this.#missed = Math.min(BEARABLE, Math.max(0, this.#missed + skipped + (late ? 1 : 0) - FORGIVEN))
  }

  /** A picture is still being sent: one that takes too long is held against the rung before it is there. */
  wait ({ from, to, link }: Omit<Sent, 'bytes' | 'skipped'>): void {
    if (to - from < HOPELESS || to < (this.#judgeFrom ??= from + slowStart(link))) return
    const last = this.#last ?? { at: from, delivered: this.#sent }
    if (this.#missed === 0) this.#began = last
    this.#delivered = link?.delivered ?? last.delivered
    this.#missed = BEARABLE
  }

  /** Holds nothing against the rung any more. */
  forgive (): void { this.#missed = 0 }

  /** The pictures are another rung's from now on. */
  startAnew (): void {
    this.#missed = this.#bytes = this.#interval = 0
    this.#judgeFrom = this.#last = undefined
  }

  /** While queues on the way grow or stand; that they empty after a move is not held against the new rung. */
  #isLate (link: Link | undefined): boolean {
    if (!link) return false
    const shrinks = link.roundTrip < this.#lastTrip
    this.#lastTrip = link.roundTrip
    return !shrinks && link.roundTrip - link.shortestTrip > QUEUED
  }
}

function slowStart (link: Link | undefined): number {
  const { trips, least, most, unknown } = SLOW_START
  return link ? Math.min(most, Math.max(least, trips * link.shortestTrip)) : unknown
}
