import { EventEmitter } from 'node:events'
import type { Clock } from '../clock.js'
import type { CodedPicture, PictureFormat } from '../codec/coded-picture.js'
import { Reordering } from '../codec/order/reordering.js'
import type { Track } from '../codec/track.js'
import { Hub } from '../frames/hub.js'
import type { Sink, Subscriber, Subscription } from '../frames/subscriber.js'
import { Group, type GroupLimit } from './group.js'
import { KeyInterval } from './key-interval.js'
import { NextKeyPicture } from './next-key-picture.js'
import type { PublishedPicture } from './published-picture.js'

export interface CodedHubReport {
  /** The time between key pictures; undefined before the second one. */
  readonly keyIntervalMs: number | undefined
  /** What a new subscriber is given; null before a key picture, and over a limit. */
  readonly group: { readonly pictures: number, readonly bytes: number, readonly durationMs: number } | null
  /** The limit that the current group has exceeded, so that new subscribers wait for the next key picture. */
  readonly groupExceeded: GroupLimit | undefined
  /** The newest picture's age; undefined before the first one. */
  readonly pictureAgeMs: number | undefined
  /** Whether the camera sends pictures in another order than they are shown; undefined while that is unknown. */
  readonly reorders: boolean | undefined
  /** How many pictures a decoder holds for that, as far as the stream says. */
  readonly reorderPictures: number | undefined
  readonly subscribers: number
  /** Pictures that slow subscribers have skipped since the process started. */
  readonly dropped: number
}

/**
 * Distributes a camera's coded pictures, and keeps the group since the last key picture for those who join in the middle of it. It outlives
 * every attempt. Emits `format` if the format differs from what was known before: in front of the first key picture that has it. Emits `reset` where an
 * attempt begins or ends.
 */
export class CodedHub extends EventEmitter<{ format: [format: PictureFormat, before: PictureFormat | undefined], reset: [] }> {
  readonly #clock: Clock
  readonly #group = new Group<PublishedPicture>()
  readonly #hub: Hub<PublishedPicture>
  #track: Track | undefined
  #format: PictureFormat | undefined
  #keyInterval = new KeyInterval()
  #reordering = new Reordering(undefined)
  #newestAt: number | undefined
  #seq = 0

  constructor (clock: Clock) {
    super()
    this.setMaxListeners(0) // one for each decoder
    this.#clock = clock
    this.#hub = new Hub(clock, this.#group)
  }

  /** The current attempt's track; undefined without an attempt, and before the camera has described it. */
  get track (): Track | undefined { return this.#track }
  /** From the newest key picture that has one, otherwise from the track. */
  get format (): PictureFormat | undefined { return this.#format }
  /** The sequence parameter set of the newest key picture, otherwise of the track. */
  get sps (): Buffer | undefined { return this.#reordering.sps }
  /** Whether pictures arrive in another order than they are shown; undefined while that is unknown. It may change with any picture. */
  get reorders (): boolean | undefined { return this.#reordering.reorders }
  /** Whether the current attempt has brought a picture. */
  get hasPictures (): boolean { return this.#newestAt !== undefined }

  /** A new attempt: pictures of this track follow. Subscribers stay. What waits for them is dropped, and they go on with the next key picture. */
  begin (track: Track): void {
    this.#reset(track)
  }

  /** The attempt is over. Ignores pictures until `begin`. */
  end (): void {
    this.#reset(undefined)
  }

  publish (picture: CodedPicture): void {
    if (!this.#track) return
    this.#newestAt = picture.at
    this.#keyInterval.note(picture)
    if (picture.key) this.#noteFormat(picture)
    if (picture.codec !== 'mjpeg') this.#reordering.note(picture)
    this.#hub.publish({ ...picture, seq: ++this.#seq, live: true })
  }

  /** Offers the group at once. By default, a slow subscriber skips to the next key picture. */
  subscribe (sink: Sink<PublishedPicture>, subscription?: Subscription<PublishedPicture>): Subscriber<PublishedPicture> {
    return this.#hub.subscribe(sink, { policy: new NextKeyPicture(), ...subscription })
  }

  /** `now` is the clock's. */
  report (now = this.#clock.now()): CodedHubReport {
    const { items, bytes, durationMs, exceeded } = this.#group
    return {
      keyIntervalMs: this.#keyInterval.ms,
      group: items.length > 0 ? { pictures: items.length, bytes, durationMs: Math.round(durationMs) } : null,
      groupExceeded: exceeded,
      pictureAgeMs: this.#newestAt === undefined ? undefined : Math.round(now - this.#newestAt),
      reorders: this.reorders,
      reorderPictures: this.#reordering.pictures,
      subscribers: this.#hub.viewers,
      dropped: this.#hub.dropped
    }
  }

  /** Ends every subscription. */
  close (): void { this.#hub.close() }

  #reset (track: Track | undefined): void {
    this.#hub.clear()
    this.#track = track
    this.#format = track?.format
    this.#keyInterval = new KeyInterval()
    this.#reordering = new Reordering(track)
    this.#newestAt = undefined
    this.emit('reset')
  }

  #noteFormat (picture: CodedPicture): void {
    const before = this.#format
    const format = formatOf(picture, before)
    if (!format || format === before) return
    this.#format = format
    if (before && isSame(format, before)) return
    this.#group.clear() // who subscribes now gets only pictures of this format
    this.emit('format', format, before)
  }
}

function formatOf (picture: CodedPicture, before: PictureFormat | undefined): PictureFormat | undefined {
  if (picture.codec !== 'mjpeg') return picture.format
  const { width, height } = picture
  return before?.width === width && before.height === height ? before : { profile: 'JPEG', width, height, depth: 8 }
}

const isSame = (one: PictureFormat, other: PictureFormat): boolean =>
  one.width === other.width && one.height === other.height && one.depth === other.depth && one.profile === other.profile
