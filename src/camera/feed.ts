import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'

/** A picture that ffmpeg has not taken so long (milliseconds) after it came means overload; less where key pictures come more often. */
const PATIENCE = { most: 500, least: 100 }
/** Until it has caught up for the first time: a process has to start. */
const START_PATIENCE = 1_000
/** A pace is told from so many pictures that were taken one behind the other. */
const PACE_AFTER = 4
const MOST_BYTES = 16 * 1024 * 1024
/** Of what ends a picture, an access unit delimiter, ffmpeg counts the most to the next one. */
const TAIL = 8
/** A rate that was too high is forgotten so long after (milliseconds). */
const FORGOTTEN_AFTER = 10_000

export interface FedPicture { readonly key: boolean, readonly bytes: Buffer }

/** `since` is the clock's; `dropped` counts pictures since then. */
export interface Overload { readonly since: number, readonly dropped: number }

/**
 * What an ffmpeg reads, picture by picture. One that takes less than the camera sends does not get older pictures, but fewer: from the
 * moment that one has waited too long up to the next key picture, all are left out.
 */
export class Feed {
  /** ffmpeg's standard input. */
  readonly stream = new Readable({ read () {} })
  readonly #clock: Clock
  /** What stands in front of a picture. */
  readonly #headerOf: (picture: FedPicture) => string
  /** Pictures that it has not taken: where each ends in the count of bytes, and when it came. */
  readonly #waiting: Array<{ end: number, at: number }> = []
  #given = 0
  #taken = 0
  /** While pictures wait: how many were taken, and since the first of them, at which byte. */
  #busy = { pictures: 0, since: 0, from: 0 }
  #patience = START_PATIENCE
  #keyAt: number | undefined
  #keyInterval: number = PATIENCE.most
  #leavesOut = false
  #overload: { since: number, dropped: number, last: number } | undefined

  constructor (clock: Clock, headerOf: (picture: FedPicture) => string = () => '') {
    this.#clock = clock
    this.#headerOf = headerOf
  }

  /** Hands the picture on, or leaves it out. */
  offer (picture: FedPicture): void {
    const now = this.#clock.now()
    if (picture.key) this.#noteKey(now)
    const late = this.#given - this.#taken > MOST_BYTES || this.#wouldWait(now) > PATIENCE.most || (this.#waiting[0] && now - this.#waiting[0].at > this.#patience)
    this.#leavesOut = late || (this.#leavesOut && !picture.key)
    if (this.#leavesOut) return this.#leaveOut(now)
    const header = this.#headerOf(picture)
    if (header) this.stream.push(header)
    this.stream.push(picture.bytes)
    this.#given += picture.bytes.length
    this.#waiting.push({ end: this.#given - TAIL, at: now })
  }

  /** ffmpeg has taken so many more bytes of pictures. */
  take (bytes: number): void {
    this.#taken += bytes
    while (this.#waiting[0] && this.#waiting[0].end <= this.#taken) this.#waiting.shift()
    if (this.#waiting.length > 0) return this.#noteTaken()
    this.#busy.pictures = 0
    this.#patience = Math.min(PATIENCE.most, Math.max(PATIENCE.least, this.#keyInterval))
  }

  /** Undefined while it keeps up. */
  get overload (): Overload | undefined {
    if (this.#overload && this.#clock.now() - this.#overload.last > FORGOTTEN_AFTER) this.#overload = undefined
    return this.#overload
  }

  #noteTaken (): void {
    if (this.#busy.pictures++ === 0) this.#busy = { pictures: 1, since: this.#clock.now(), from: this.#taken }
  }

  /** How long (milliseconds) until ffmpeg is through with what waits, at the pace that it has: one that is slow has old pictures before one of them is late. */
  #wouldWait (now: number): number {
    const { pictures, since, from } = this.#busy
    return pictures > PACE_AFTER ? (this.#given - this.#taken) * (now - since) / (this.#taken - from) : 0
  }

  #noteKey (now: number): void {
    if (this.#keyAt !== undefined) this.#keyInterval = now - this.#keyAt
    this.#keyAt = now
  }

  #leaveOut (now: number): void {
    const { since, dropped } = this.overload ?? { since: now, dropped: 0 }
    this.#overload = { since, dropped: dropped + 1, last: now }
  }
}
