/** The kernel's measurements of one connection. */
export interface Link {
  /** Bytes that have arrived since the connection began. */
  readonly deliveredBytes: number
  /** The recent round trip, and the shortest so far, in milliseconds. The difference is time spent in queues. */
  readonly roundTripMs: number
  readonly minRoundTripMs: number
}

/** One picture that was sent. */
export interface Sent {
  readonly bytes: number
  /** When the write began, and when the connection was free for the next picture, in milliseconds. */
  readonly from: number
  readonly to: number
  /** Pictures that were dropped for newer ones while this one was sent. */
  readonly skipped: number
  readonly link?: Link | undefined
}

/**
 * A rendition is too large once this many pictures were missed, on balance. Each skipped or late picture counts one, and each sent one
 * takes back a ninth. So one in ten may be skipped for ever; with two in three skipped, four are enough.
 */
const MAX_MISSED_PICTURES = 2.5
const FORGIVEN_PER_PICTURE = 1 / 9
/** A picture is late if it waits longer than this in queues on its way. */
const MAX_QUEUING_MS = 200
/** A picture that takes this long to be sent means congestion by itself. */
const MAX_SENDING_MS = 1_000
/** TCP starts slowly, and does so again when pictures grow. So nothing counts for four round trips, within these limits, or for the default if the round trip is unknown. */
const SLOW_START = { roundTrips: 4, minMs: 100, maxMs: 1_000, defaultMs: 500 }
/** Weight of the newest picture in the means. */
const NEWEST_WEIGHT = 0.1

/** Measures how well a viewer's connection carries one rendition: how many pictures are missed, and how many bytes are delivered. */
export class CongestionMeter {
  #judgeFrom: number | undefined
  #lastRoundTripMs = 0
  #missed = 0
  /** When pictures began to be missed, and what had been delivered then. */
  #began = { at: 0, deliveredBytes: 0 }
  /** When the last picture was sent. */
  #last: { at: number, deliveredBytes: number } | undefined
  /** Bytes delivered up to the last measurement. */
  #deliveredBytes = 0
  #sentBytes = 0
  /** Means per sent picture, including those skipped before it. */
  #meanBytes = 0
  #meanMs = 0

  get isCongested (): boolean { return this.#missed >= MAX_MISSED_PICTURES }
  /** Whether a larger rendition may be tried. */
  get isClear (): boolean { return this.#missed < 1 }

  /** Bytes per second that all of the rendition's pictures need, including skipped ones. */
  get load (): number { return this.#meanBytes / this.#meanMs * 1_000 }

  /** Bytes per second delivered since pictures began to be missed. */
  throughput (now: number): number {
    return (this.#deliveredBytes - this.#began.deliveredBytes) / Math.max(1, now - this.#began.at) * 1_000
  }

  count ({ bytes, from, to, skipped, link }: Sent): void {
    this.#sentBytes += bytes
    const now = { at: to, deliveredBytes: link?.deliveredBytes ?? this.#sentBytes }
    const last = this.#last ?? { at: from, deliveredBytes: now.deliveredBytes - bytes }
    this.#last = now
    this.#deliveredBytes = now.deliveredBytes
    this.#judgeFrom ??= from + slowStartMs(link)
    const weight = this.#meanMs === 0 ? 1 : NEWEST_WEIGHT
    this.#meanBytes += weight * (bytes * (1 + skipped) - this.#meanBytes)
    this.#meanMs += weight * (Math.max(1, to - last.at) - this.#meanMs)
    const isLate = this.#isLate(link)
    if (to < this.#judgeFrom) return
    if (this.#missed === 0) this.#began = last
    if (to - from >= MAX_SENDING_MS) this.#missed = MAX_MISSED_PICTURES
    else this.#missed = Math.min(MAX_MISSED_PICTURES, Math.max(0, this.#missed + skipped + (isLate ? 1 : 0) - FORGIVEN_PER_PICTURE))
  }

  /** A picture is still being sent. One that takes too long counts before it has arrived. */
  wait ({ from, to, link }: Omit<Sent, 'bytes' | 'skipped'>): void {
    if (to - from < MAX_SENDING_MS || to < (this.#judgeFrom ??= from + slowStartMs(link))) return
    const last = this.#last ?? { at: from, deliveredBytes: this.#sentBytes }
    if (this.#missed === 0) this.#began = last
    this.#deliveredBytes = link?.deliveredBytes ?? last.deliveredBytes
    this.#missed = MAX_MISSED_PICTURES
  }

  /** Forgets the missed pictures. */
  forgive (): void { this.#missed = 0 }

  /** Call this after a switch to another rendition. */
  reset (): void {
    this.#missed = this.#meanBytes = this.#meanMs = 0
    this.#judgeFrom = this.#last = undefined
  }

  /** Ignores shrinking queues: they must not count against the new rendition after a switch. */
  #isLate (link: Link | undefined): boolean {
    if (!link) return false
    const isShrinking = link.roundTripMs < this.#lastRoundTripMs
    this.#lastRoundTripMs = link.roundTripMs
    return !isShrinking && link.roundTripMs - link.minRoundTripMs > MAX_QUEUING_MS
  }
}

function slowStartMs (link: Link | undefined): number {
  const { roundTrips, minMs, maxMs, defaultMs } = SLOW_START
  return link ? Math.min(maxMs, Math.max(minMs, roundTrips * link.minRoundTripMs)) : defaultMs
}
