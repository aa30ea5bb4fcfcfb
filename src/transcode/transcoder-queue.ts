import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import type { StdinFormat } from './stdin-format.js'
import { DamageMarks, MAX_DELIMITER_BYTES } from './damage-marks.js'
import { DropCounter, type Overload } from './drop-counter.js'
import { PipelineDelay } from './pipeline-delay.js'

/** A picture that waits longer than this means overload. It is half the time between key pictures, within these limits. */
const MIN_WAIT_LIMIT_MS = 100
const MAX_WAIT_LIMIT_MS = 500
/** The limit until ffmpeg has caught up for the first time, because its process has to start. */
const START_WAIT_LIMIT_MS = 1_000
/** ffmpeg gets as many pictures ahead as it takes in this time, within these limits. It would show more, however old. */
const AHEAD_MS = 100
const MIN_PICTURES_AHEAD = 2
const MAX_PICTURES_AHEAD = 8
/** The pictures ahead before ffmpeg takes its first one. After START_WAIT_LIMIT_MS it gets one more per interval, because it may need them for reordering. */
const PICTURES_AHEAD_AT_START = 4
const ANOTHER_AT_START_MS = 500
/** Weight of the newest picture in the average time per picture. */
const NEWEST_WEIGHT = 1 / 4
const MAX_QUEUED_BYTES = 16 * 1024 * 1024

export type QueuedPicture = Pick<CodedPicture, 'key' | 'damaged' | 'bytes'>

/**
 * The standard input of an ffmpeg, picture by picture. When the camera sends more than ffmpeg takes, ffmpeg gets fewer pictures instead of
 * older ones: the queue drops those that would wait too long, up to a key picture.
 */
export class TranscoderQueue {
  /** ffmpeg's standard input. */
  readonly stream = new Readable({ read () {} })
  readonly #clock: Clock
  readonly #pipelineDelay: PipelineDelay
  readonly #marks = new DamageMarks()
  #format: StdinFormat | undefined
  /** Pictures not written yet. */
  #waiting: Array<QueuedPicture & { at: number }> = []
  /** Pictures written but not taken: where each ends in the count of picture bytes, when it arrived and when it was written. */
  readonly #ahead: Array<{ end: number, arrived: number, written: number }> = []
  /** Bytes of pictures written. */
  #written = 0
  /** The same, including the bytes in front of pictures. */
  #pushed = 0
  /** Bytes of pictures that ffmpeg has taken, and when it last took one. */
  #taken = 0
  #takenAt: number | undefined
  /** Recent average time that ffmpeg takes for one picture. */
  #msPerPicture = 0
  #caughtUp = false
  readonly #createdAt: number
  #startedAt = Infinity
  #keyAt: number | undefined
  #keyIntervalMs = 2 * MAX_WAIT_LIMIT_MS
  #isDropping = false
  readonly #drops = new DropCounter()

  /** `fps` is the highest rate at which ffmpeg shows pictures. */
  constructor (clock: Clock, fps: number) {
    this.#clock = clock
    this.#pipelineDelay = new PipelineDelay(fps)
    this.#createdAt = clock.now()
  }

  /** Call it once ffmpeg is found and its format is known. Until then, pictures wait here. */
  begin (format: StdinFormat): void {
    this.#format = format
    this.#startedAt = this.#clock.now()
    if (format.opening) this.#push(format.opening)
    this.#write(this.#startedAt)
  }

  /** Writes the picture as soon as ffmpeg is close to taking it, or drops it. */
  offer (picture: QueuedPicture): void {
    const now = this.#clock.now()
    if (picture.key) this.#noteKey(now)
    this.#skip(now)
    this.#isDropping = this.#isTooMuch(now) || (this.#isDropping && !picture.key)
    if (this.#isDropping) this.#drops.add(1, now)
    else this.#waiting.push({ ...picture, at: now })
    this.#write(now)
  }

  /** Call it when ffmpeg has taken this many more bytes of pictures. */
  take (bytes: number): void {
    const now = this.#clock.now()
    this.#taken += bytes
    while (this.#ahead[0] && this.#ahead[0].end <= this.#taken) this.#noteTaken(this.#ahead.shift()!.written, now)
    this.#caughtUp ||= this.#ahead.length + this.#waiting.length === 0
    this.#skip(now)
    this.#write(now)
  }

  /** Call it when ffmpeg announces a JPEG of the picture with this time in its input. */
  show (at: number): void {
    this.#pipelineDelay.show(at, this.#time(this.#clock.now()))
    this.#marks.announceTime(at)
  }

  /** Call it when ffmpeg announces a JPEG of the picture at this position of its input. */
  showFrom (position: number): void {
    this.#marks.announcePosition(position)
  }

  /** Call it once for each JPEG, in order. Returns whether its original was, or may have been, damaged. */
  isNextDamaged (): boolean { return this.#marks.next() }

  /** Undefined while ffmpeg keeps up. */
  get overload (): Overload | undefined { return this.#drops.overload(this.#clock.now()) }

  #write (now: number): void {
    while (this.#waiting[0] && this.#ahead.length < this.#maxAhead(now)) {
      const picture = this.#waiting.shift()!
      const at = this.#time(now)
      const header = this.#format?.header?.(picture.bytes.length, at)
      if (header) this.#push(header)
      this.#marks.write(at, this.#pushed, picture.damaged)
      this.#push(picture.bytes)
      this.#pipelineDelay.write(at)
      this.#written += picture.bytes.length
      this.#ahead.push({ end: this.#written - MAX_DELIMITER_BYTES, arrived: picture.at, written: now })
    }
  }

  #push (bytes: Buffer | string): void {
    this.stream.push(bytes)
    this.#pushed += bytes.length
  }

  #maxAhead (now: number): number {
    if (!this.#format) return 0
    if (this.#takenAt === undefined) return PICTURES_AHEAD_AT_START + Math.max(0, now - this.#startedAt - START_WAIT_LIMIT_MS) / ANOTHER_AT_START_MS
    return Math.min(MAX_PICTURES_AHEAD, Math.max(MIN_PICTURES_AHEAD, AHEAD_MS / this.#msPerPicture))
  }

  /** Once a picture has waited too long, drops everything before the newest key picture, or if none waits, until the next one arrives. */
  #skip (now: number): void {
    const limit = this.#waitLimitMs
    if (!this.#waiting[0] || now - this.#waiting[0].at <= limit) return
    const newest = this.#waiting.findLastIndex(({ key, at }) => key && now - at <= limit)
    this.#isDropping = newest < 0
    this.#drops.add(this.#isDropping ? this.#waiting.length : newest, now)
    this.#waiting = this.#isDropping ? [] : this.#waiting.slice(newest)
  }

  /** Whether another picture would be shown too late. A slow ffmpeg holds old pictures before one of them is late. */
  #isTooMuch (now: number): boolean {
    const bytes = this.#written - this.#taken + this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0)
    const late = this.#takenAt !== undefined && this.#ahead[0] !== undefined && now - this.#ahead[0].arrived > this.#waitLimitMs
    const hidden = this.#pipelineDelay.delay(this.#time(now)) > this.#usualWaitLimitMs
    return bytes > MAX_QUEUED_BYTES || late || hidden || (this.#ahead.length + this.#waiting.length) * this.#msPerPicture > this.#usualWaitLimitMs
  }

  /** Does not time the first picture, because the process had to start. */
  #noteTaken (written: number, now: number): void {
    if (this.#takenAt !== undefined) this.#msPerPicture += NEWEST_WEIGHT * (now - Math.max(written, this.#takenAt) - this.#msPerPicture)
    this.#takenAt = now
  }

  /** A time in ffmpeg's input: whole milliseconds since the queue was created. */
  #time (now: number): number { return Math.round(now - this.#createdAt) }

  get #waitLimitMs (): number { return this.#caughtUp ? this.#usualWaitLimitMs : START_WAIT_LIMIT_MS }

  get #usualWaitLimitMs (): number { return Math.min(MAX_WAIT_LIMIT_MS, Math.max(MIN_WAIT_LIMIT_MS, this.#keyIntervalMs / 2)) }

  #noteKey (now: number): void {
    if (this.#keyAt !== undefined) this.#keyIntervalMs = now - this.#keyAt
    this.#keyAt = now
  }
}
