import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'
import { CatchUp } from './catch-up.js'
import type { StdinFormat } from './stdin-format.js'
import { DamageMarks } from './damage-marks.js'
import { DropCounter, type Overload } from './drop-counter.js'
import { KeyPictures } from './key-pictures.js'
import { PicturesAhead } from './pictures-ahead.js'
import { PipelineDelay } from './pipeline-delay.js'
import type { Turn, Turns } from './turns.js'
import { WaitingPictures, type QueuedPicture } from './waiting-pictures.js'

/** A picture that waits longer than this means overload. It is half the time between key pictures, within these limits. */
const MIN_WAIT_LIMIT_MS = 100
const MAX_WAIT_LIMIT_MS = 500
/** The limit until ffmpeg has caught up for the first time, because its process has to start. */
const START_WAIT_LIMIT_MS = 1_000
/** If the next key picture comes sooner, waiting for it loses less than this, and catching up is not worth it. */
const MIN_CATCH_UP_MS = 1_000
/** ffmpeg gets as many pictures ahead as it takes in this time, within these limits. It would show more, however old, except while it catches up. */
const AHEAD_MS = 100
const MIN_PICTURES_AHEAD = 2
const MAX_PICTURES_AHEAD = 8
const MAX_PICTURES_AHEAD_CATCHING_UP = 32
/** The pictures ahead before ffmpeg takes its first one. After START_WAIT_LIMIT_MS it gets one more per interval, because it may need them for reordering. */
const PICTURES_AHEAD_AT_START = 4
const ANOTHER_AT_START_MS = 500
/** Older pictures are not shown, unless they are the newest or the camera sends pictures so seldom. */
const MAX_SHOWN_AGE_MS = 900
/** The most pictures that a camera's stream usually holds back for reordering. */
const REORDERED_PICTURES = 4
const MAX_QUEUED_BYTES = 16 * 1024 * 1024

/**
 * The standard input of an ffmpeg, picture by picture. When the camera sends more than ffmpeg takes, ffmpeg gets fewer pictures instead of
 * older ones: the queue drops those that would wait too long, up to a key picture. It keeps them if ffmpeg is fast enough to catch up before
 * the next key picture comes; then the old ones are decoded, but not shown.
 */
export class TranscoderQueue {
  /** ffmpeg's standard input. */
  readonly stream = new Readable({ read () {} })
  readonly #clock: Clock
  readonly #pipelineDelay: PipelineDelay
  readonly #marks = new DamageMarks()
  readonly #keyPictures = new KeyPictures()
  readonly #waiting = new WaitingPictures()
  readonly #ahead = new PicturesAhead()
  readonly #catchUp = new CatchUp()
  readonly #drops = new DropCounter()
  readonly #turn: Turn
  #format: StdinFormat | undefined
  #startedAt = Infinity
  /** Bytes written to ffmpeg. */
  #pushed = 0
  #hasCaughtUp = false
  #isDropping = false
  #isFed = false
  #newest: number | undefined

  /** `fps` is the highest rate at which ffmpeg shows pictures. */
  constructor (clock: Clock, fps: number, turns: Turns) {
    this.#clock = clock
    this.#pipelineDelay = new PipelineDelay(fps)
    this.#turn = turns.turn(() => this.#proceed(clock.now()))
  }

  /** The time, in ffmpeg's input, of the newest picture; undefined if there is none. */
  get newest (): number | undefined { return this.#newest }

  /** Whether ffmpeg has been given pictures since its last JPEG, or is too late to be given any. It need not have taken them: one that hangs takes none. */
  get isFed (): boolean { return this.#isFed }

  /** Call it once ffmpeg is found and its format is known. Until then, pictures wait here. */
  begin (format: StdinFormat): void {
    this.#format = format
    this.#startedAt = this.#clock.now()
    this.#push(format.opening)
    this.#write(this.#startedAt)
  }

  /** Writes the picture as soon as ffmpeg is close to taking it and has its turn, or drops it. */
  offer (picture: QueuedPicture): void {
    const now = this.#clock.now()
    this.#newest = timeOf(picture)
    this.#keyPictures.note(picture)
    if (picture.key && this.#catchUp.isOn) this.#countDropped(this.#waiting.clear(), now)
    this.#skipLate(now)
    const isTooMuch = this.#isTooMuch(now)
    this.#isFed ||= isTooMuch
    this.#isDropping = isTooMuch || (this.#isDropping && !picture.key)
    if (this.#isDropping) this.#drops.add(1, now)
    else this.#waiting.push(picture, now)
    this.#write(now)
  }

  /** Call it when ffmpeg has taken this many more bytes of pictures. */
  take (bytes: number): void {
    const now = this.#clock.now()
    this.#ahead.take(bytes, now)
    this.#hasCaughtUp ||= this.#ahead.length + this.#waiting.length === 0
    this.#proceed(now)
  }

  /** Call it when ffmpeg gets no more pictures. */
  end (): void { this.#turn.end() }

  /** Call it when ffmpeg announces a JPEG of the picture with this time in its input. */
  show (at: number): void {
    this.#pipelineDelay.show(at, this.#clock.now())
    this.#marks.announceTime(at)
  }

  /** Call it when ffmpeg announces a JPEG of the picture at this position of its input. */
  showFrom (position: number): void {
    this.#marks.announcePosition(position)
  }

  /** Call it once for each JPEG, in order. Returns whether to show it, and of its original when it arrived, if that is known, and whether it was, or may have been, damaged. */
  next (): { shown: boolean, damaged: boolean, at: number | undefined } {
    this.#isFed = false
    const now = this.#clock.now()
    const { at, damaged } = this.#marks.next()
    const ageMs = at === undefined ? undefined : now - at
    const settled = this.#isDropping || (this.#waiting.length === 0 && this.#ahead.length <= 1) // a picture may be shown before it counts as taken
    const limitMs = Math.max(MAX_SHOWN_AGE_MS, REORDERED_PICTURES * (this.#keyPictures.msPerPicture ?? 0))
    return { shown: this.#catchUp.shows({ ageMs, newest: at === this.#newest, settled }, limitMs, now), damaged, at }
  }

  /** Undefined while ffmpeg keeps up. */
  get overload (): Overload | undefined { return this.#drops.overload(this.#clock.now()) }

  /** Pictures that were dropped because ffmpeg is too slow, without those of its start. */
  get dropped (): number { return this.#drops.total }

  #proceed (now: number): void {
    this.#skipLate(now)
    this.#write(now)
    if (this.#ahead.length === 0) this.#turn.end()
  }

  #write (now: number): void {
    while (this.#format && this.#waiting.length > 0 && this.#ahead.length < this.#maxAhead(now) && this.#turn.take()) {
      const { picture, since } = this.#waiting.shift()!
      const { bytes, damaged } = picture
      const at = timeOf(picture)
      this.#marks.write(at, this.#pushed, damaged)
      this.#push(this.#format.header(bytes.length, at))
      this.#push(bytes)
      this.#pipelineDelay.write(at)
      this.#ahead.write(bytes.length, since, now)
      this.#isFed = true
    }
  }

  #push (bytes: Buffer): void {
    this.stream.push(bytes)
    this.#pushed += bytes.length
  }

  #maxAhead (now: number): number {
    if (!this.#ahead.hasBegun) return PICTURES_AHEAD_AT_START + Math.max(0, now - this.#startedAt - START_WAIT_LIMIT_MS) / ANOTHER_AT_START_MS
    const [most, pace] = this.#catchUp.isOn ? [MAX_PICTURES_AHEAD_CATCHING_UP, this.#ahead.steadyMsPerPicture] : [MAX_PICTURES_AHEAD, this.#ahead.msPerPicture]
    return Math.min(most, Math.max(MIN_PICTURES_AHEAD, AHEAD_MS / pace))
  }

  /** Once a picture has waited too long, drops everything in front of the newest key picture, or if none waits, until the next one arrives. */
  #skipLate (now: number): void {
    const limit = this.#lateAfterMs
    if (this.#waiting.waitMs(now) > limit && !this.#catchesUp(now)) this.#skip(limit, now)
  }

  #skip (limitMs: number, now: number): void {
    const dropped = this.#waiting.skip(limitMs, now)
    this.#isDropping = this.#waiting.length === 0
    this.#countDropped(dropped, now)
  }

  /** What was dropped while the process started means no overload. */
  #countDropped (pictures: number, now: number): void {
    if (this.#hasCaughtUp) this.#drops.add(pictures, now)
  }

  /** Whether another picture would be shown too late. A slow ffmpeg holds old pictures before one of them is late. */
  #isTooMuch (now: number): boolean {
    if (this.#ahead.bytes + this.#waiting.bytes > MAX_QUEUED_BYTES) return true
    const isLate = this.#ahead.hasBegun && this.#ahead.waitMs(now) > this.#lateAfterMs
    const willBeLate = Math.max(this.#pipelineDelay.delay(now), this.#pictures * this.#ahead.msPerPicture) > this.#waitLimitMs
    return (isLate || willBeLate) && !this.#catchesUp(now)
  }

  /** Call it when pictures are late. Returns whether ffmpeg, at its pace, will have caught up before the next key picture comes. */
  #catchesUp (now: number): boolean {
    const pace = Math.max(this.#ahead.steadyMsPerPicture, this.#pipelineDelay.steadyMsPerPicture)
    const gain = 1 - pace / (this.#keyPictures.msPerPicture ?? Infinity)
    const catchUpMs = gain > 0 ? this.#pictures * pace / gain : Infinity
    const msToNext = this.#keyPictures.msToNext(now)
    const available = this.#hasCaughtUp ? (msToNext > MIN_CATCH_UP_MS ? msToNext : 0) : Math.max(msToNext, START_WAIT_LIMIT_MS)
    if (catchUpMs >= available) return false
    if (!this.#catchUp.isOn) this.#catchUp.begin()
    return true
  }

  get #lateAfterMs (): number { return this.#hasCaughtUp ? this.#waitLimitMs : START_WAIT_LIMIT_MS }

  /** How many pictures ffmpeg has not taken yet. */
  get #pictures (): number { return this.#ahead.length + this.#waiting.length }

  get #waitLimitMs (): number { return Math.min(MAX_WAIT_LIMIT_MS, Math.max(MIN_WAIT_LIMIT_MS, this.#keyPictures.intervalMs / 2)) }
}

/** A picture's time in ffmpeg's input: its arrival, in whole milliseconds. */
const timeOf = ({ at }: QueuedPicture): number => Math.round(at)
