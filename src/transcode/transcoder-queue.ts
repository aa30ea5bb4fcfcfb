import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'
import type { StdinFormat } from './stdin-format.js'
import { DamageMarks, TAIL } from './damage-marks.js'
import { DropCounter, type Overload } from './drop-counter.js'
import { PipelineDelay } from './pipeline-delay.js'

/** A picture that ffmpeg is not given so long (milliseconds) after it came means overload: half the time from key picture to key picture, within these. */
const PATIENCE = { most: 500, least: 100 }
/** Until it has caught up for the first time: a process has to start. */
const START_PATIENCE = 1_000
/** ffmpeg is given as many pictures ahead as it takes in so long (milliseconds), within these: what it has, it shows, however old. */
const AHEAD = { ms: 100, least: 2, most: 8 }
/** Ahead of one that has taken none yet; behind START_PATIENCE one more every so often (milliseconds): it may want them to put them in order. */
const AHEAD_AT_START = { pictures: 4, another: 500 }
/** How much the newest picture counts in the time that pictures take ffmpeg. */
const NEWEST_SHARE = 1 / 4
const MOST_BYTES = 16 * 1024 * 1024

export interface QueuedPicture { readonly key: boolean, readonly damaged?: boolean, readonly bytes: Buffer }

/**
 * What an ffmpeg reads, picture by picture. One that takes less than the camera sends does not get older pictures, but fewer: those that
 * would wait too long are left out, up to a key picture.
 */
export class TranscoderQueue {
  /** ffmpeg's standard input. */
  readonly stream = new Readable({ read () {} })
  readonly #clock: Clock
  readonly #unshown: PipelineDelay
  readonly #marks = new DamageMarks()
  #packing: StdinFormat | undefined
  /** Not given yet. */
  #waiting: Array<QueuedPicture & { at: number }> = []
  /** Given and not taken: where each ends in the count of bytes, when it came and when it was given. */
  readonly #ahead: Array<{ end: number, came: number, given: number }> = []
  #given = 0
  /** The same, and what stood in front of the pictures. */
  #pushed = 0
  #taken = 0
  #takenAt: number | undefined
  /** How long (milliseconds) ffmpeg is about one picture, lately. */
  #perPicture = 0
  #caughtUp = false
  readonly #began: number
  #begun = Infinity
  #keyAt: number | undefined
  #keyInterval = 2 * PATIENCE.most
  #leavesOut = false
  readonly #leftOut = new DropCounter()

  /** `fps` is how many pictures ffmpeg shows at most. */
  constructor (clock: Clock, fps: number) {
    this.#clock = clock
    this.#unshown = new PipelineDelay(fps)
    this.#began = clock.now()
  }

  /** There is an ffmpeg, which wants its pictures so: until then they wait here. */
  begin (packing: StdinFormat): void {
    this.#packing = packing
    this.#begun = this.#clock.now()
    if (packing.opening) this.#push(packing.opening)
    this.#give(this.#begun)
  }

  /** Hands the picture on as soon as ffmpeg is near it, or leaves it out. */
  offer (picture: QueuedPicture): void {
    const now = this.#clock.now()
    if (picture.key) this.#noteKey(now)
    this.#skip(now)
    this.#leavesOut = this.#isTooMuch(now) || (this.#leavesOut && !picture.key)
    if (this.#leavesOut) this.#leftOut.add(1, now)
    else this.#waiting.push({ ...picture, at: now })
    this.#give(now)
  }

  /** ffmpeg has taken so many more bytes of pictures. */
  take (bytes: number): void {
    const now = this.#clock.now()
    this.#taken += bytes
    while (this.#ahead[0] && this.#ahead[0].end <= this.#taken) this.#noteTaken(this.#ahead.shift()!.given, now)
    this.#caughtUp ||= this.#ahead.length + this.#waiting.length === 0
    this.#skip(now)
    this.#give(now)
  }

  /** A JPEG has come out, which was made of the picture that was given at this time, as the packing had it. */
  show (at: number): void {
    this.#unshown.show(at, this.#time(this.#clock.now()))
    this.#marks.announceTime(at)
  }

  /** A JPEG has come out, which was made of the picture that ffmpeg read from this place on. */
  showFrom (position: number): void {
    this.#marks.announcePosition(position)
  }

  /** The JPEG of one of its pictures comes: whether that was, or may have been, damaged. To be asked once for each, in their order. */
  isNextDamaged (): boolean { return this.#marks.next() }

  /** Undefined while it keeps up. */
  get overload (): Overload | undefined { return this.#leftOut.overload(this.#clock.now()) }

  #give (now: number): void {
    while (this.#waiting[0] && this.#ahead.length < this.#mostAhead(now)) {
      const picture = this.#waiting.shift()!
      const at = this.#time(now)
      const header = this.#packing?.header?.(picture.bytes.length, at)
      if (header) this.#push(header)
      this.#marks.give(at, this.#pushed, picture.damaged ?? false)
      this.#push(picture.bytes)
      this.#unshown.give(at)
      this.#given += picture.bytes.length
      this.#ahead.push({ end: this.#given - TAIL, came: picture.at, given: now })
    }
  }

  #push (bytes: Buffer | string): void {
    this.stream.push(bytes)
    this.#pushed += bytes.length
  }

  #mostAhead (now: number): number {
    if (!this.#packing) return 0
    if (this.#takenAt === undefined) return AHEAD_AT_START.pictures + Math.max(0, now - this.#begun - START_PATIENCE) / AHEAD_AT_START.another
    return Math.min(AHEAD.most, Math.max(AHEAD.least, AHEAD.ms / this.#perPicture))
  }

  /** Once a picture has waited too long, all in front of the newest key picture are left out; without one, all up to the next that comes. */
  #skip (now: number): void {
    const patience = this.#patience
    if (!this.#waiting[0] || now - this.#waiting[0].at <= patience) return
    const newest = this.#waiting.findLastIndex(({ key, at }) => key && now - at <= patience)
    this.#leavesOut = newest < 0
    this.#leftOut.add(this.#leavesOut ? this.#waiting.length : newest, now)
    this.#waiting = this.#leavesOut ? [] : this.#waiting.slice(newest)
  }

  /** Whether another picture would be shown too late: one that is slow has old pictures before one of them is late. */
  #isTooMuch (now: number): boolean {
    const bytes = this.#given - this.#taken + this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const late = this.#takenAt !== undefined && this.#ahead[0] !== undefined && now - this.#ahead[0].came > this.#patience
    const hidden = this.#unshown.delay(this.#time(now)) > this.#usualPatience
    return bytes > MOST_BYTES || late || hidden || (this.#ahead.length + this.#waiting.length) * this.#perPicture > this.#usualPatience
  }

  /** The first one says nothing of its pace: a process had to start. */
  #noteTaken (given: number, now: number): void {
    if (this.#takenAt !== undefined) this.#perPicture += NEWEST_SHARE * (now - Math.max(given, this.#takenAt) - this.#perPicture)
    this.#takenAt = now
  }

  /** As ffmpeg is told: whole milliseconds since the beginning. */
  #time (now: number): number { return Math.round(now - this.#began) }

  get #patience (): number { return this.#caughtUp ? this.#usualPatience : START_PATIENCE }

  get #usualPatience (): number { return Math.min(PATIENCE.most, Math.max(PATIENCE.least, this.#keyInterval / 2)) }

  #noteKey (now: number): void {
    if (this.#keyAt !== undefined) this.#keyInterval = now - this.#keyAt
    this.#keyAt = now
  }
}
