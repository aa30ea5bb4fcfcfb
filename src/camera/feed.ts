import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'

/** A picture that ffmpeg has not taken so long (milliseconds) after it came means overload: half the time from key picture to key picture, within these. */
const PATIENCE = { most: 500, least: 100 }
/** Until it has caught up for the first time: a process has to start. */
const START_PATIENCE = 1_000
/** How much the newest picture counts in the time that pictures take ffmpeg. */
const NEWEST_SHARE = 1 / 4
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
  #takenAt: number | undefined
  /** How long (milliseconds) ffmpeg is about one picture, lately. */
  #perPicture = 0
  #caughtUp = false
  #keyAt: number | undefined
  #keyInterval = 2 * PATIENCE.most
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
    const late = this.#given - this.#taken > MOST_BYTES || this.#wouldWait > this.#patience || this.#waited(now) > (this.#caughtUp ? this.#patience : START_PATIENCE)
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
    const now = this.#clock.now()
    this.#taken += bytes
    while (this.#waiting[0] && this.#waiting[0].end <= this.#taken) this.#noteTaken(this.#waiting.shift()!.at, now)
    this.#caughtUp ||= this.#waiting.length === 0
  }

  /** Undefined while it keeps up. */
  get overload (): Overload | undefined {
    if (this.#overload && this.#clock.now() - this.#overload.last > FORGOTTEN_AFTER) this.#overload = undefined
    return this.#overload
  }

  /** The first one says nothing of its pace: a process had to start. */
  #noteTaken (came: number, now: number): void {
    if (this.#takenAt !== undefined) this.#perPicture += NEWEST_SHARE * (now - Math.max(came, this.#takenAt) - this.#perPicture)
    this.#takenAt = now
  }

  get #patience (): number { return Math.min(PATIENCE.most, Math.max(PATIENCE.least, this.#keyInterval / 2)) }

  /** How long the oldest has waited that ffmpeg has not taken. */
  #waited (now: number): number { return this.#waiting[0] ? now - this.#waiting[0].at : 0 }

  /** How long until ffmpeg is through with what waits: one that is slow has old pictures before one of them is late. */
  get #wouldWait (): number { return this.#waiting.length * this.#perPicture }

  #noteKey (now: number): void {
    if (this.#keyAt !== undefined) this.#keyInterval = now - this.#keyAt
    this.#keyAt = now
  }

  #leaveOut (now: number): void {
    const { since, dropped } = this.overload ?? { since: now, dropped: 0 }
    this.#overload = { since, dropped: dropped + 1, last: now }
  }
}
