import type { Clock } from '../clock.js'
import { renumber, type Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { RenditionSelector } from './rendition-selector.js'
import type { Link } from './congestion-meter.js'
import type { End, Sink, Subscriber, Subscription } from '../frames/subscriber.js'

/** Give up on a rendition if its first picture takes this long, and leave it if it falls this far behind the full picture. */
const MAX_BEHIND_MS = 3_000
const CHECK_INTERVAL_MS = 1_000

/** One rendition of a camera. Its frames keep the times of the picture that they are made from. */
export interface RenditionOption {
  readonly hub: Hub<Frame>
  /** Its estimated bytes, as a fraction of the full picture's. */
  readonly share: number
}

export interface AdaptiveSink extends Sink<Frame> {
  /** Undefined if the system does not report it. */
  link (): Link | undefined
}

export interface AdaptiveParts {
  /** The full picture first, then smaller ones. */
  readonly options: readonly RenditionOption[]
  readonly sink: AdaptiveSink
  readonly clock: Clock
  readonly subscription?: Subscription<Frame>
  /** Called after a switch, with the indexes of the options. */
  readonly onSwitch?: (to: number, from: number) => void
}

/** A switch that waits for the other rendition's first picture. */
interface PendingSwitch {
  readonly option: number
  isReady: boolean
  subscriber?: Subscriber<Frame>
  readonly cancel: () => void
}

/** One viewer, who gets the rendition that its connection can carry. It switches between pictures, once the other rendition has one. */
export class AdaptiveSubscriber {
  readonly #parts: AdaptiveParts
  readonly #selector: RenditionSelector
  readonly #since: number
  /** Frames dropped on the renditions before this one. */
  #droppedBefore = 0
  #subscriber: Subscriber<Frame> | undefined
  /** The newest sent frame: its number for this viewer, which rises through all switches, and its times. */
  #seq = 0
  #sent: Times = { at: -Infinity }
  /** The current rendition: the offset of its numbers (usually 0 for the full picture), and the times of the last picture before it. */
  #offset: number | undefined = 0
  #sentBefore: Times = this.#sent
  #isBusy = false
  /** Whether the current rendition is gone, and the full picture follows after the current write. */
  #hasClosed = false
  /** When the current write began; undefined between writes. */
  #sendingSince: number | undefined
  #pending: PendingSwitch | undefined
  #cancelCheck = () => {}
  #ended = false

  constructor (parts: AdaptiveParts) {
    this.#parts = parts
    this.#since = parts.clock.now()
    this.#selector = new RenditionSelector(parts.options.map(({ share }) => share), parts.clock.now())
  }

  /** The index of the rendition that is sent now. */
  get current (): number { return this.#selector.current }
  /** Frames that were skipped, on all renditions together. */
  get dropped (): number { return this.#droppedBefore + this.#dropped }
  /** Notes how old the newest painted frame was then, in milliseconds. */
  shown (ageMs: number): void { if (this.#subscriber) this.#subscriber.shownAgeMs = ageMs }

  /** For a sink that has not begun to send its frame: exchanges that for the newest. Undefined if there is no newer one. */
  exchange (): Frame | undefined {
    for (let frame = this.#subscriber?.exchange(); frame; frame = this.#subscriber?.exchange()) {
      if (!this.#isHidden(frame)) return this.#numbered(frame)
    }
    return undefined
  }

  /** Subscribes to the full picture. Call it once. */
  start (): this {
    this.#parts.sink.onGone?.(why => this.end(why))
    this.#subscribe()
    this.#check()
    return this
  }

  /** Idempotent. The sink is not called again. */
  end (why: End = 'left'): void {
    if (this.#ended) return
    this.#ended = true
    this.#cancelCheck()
    cancelSwitch(this.#pending)
    this.#pending = undefined // a write that completes now must not switch
    this.#subscriber?.end(why)
  }

  /** Subscribes to the selected rendition, which delivers its newest frame at once. */
  #subscribe (): void {
    const { options, subscription } = this.#parts
    this.#droppedBefore += this.#dropped
    this.#subscriber = undefined
    this.#sentBefore = this.#sent
    this.#subscriber = options[this.#selector.current]!.hub.subscribe({
      write: (frame, done) => this.#write(frame, done),
      end: () => this.#closed()
    }, { ...subscription, before: { since: this.#since, dropped: this.#droppedBefore } })
  }

  /** Without its rendition, the viewer goes on with the full picture. */
  #closed (): void {
    const { options, sink, clock } = this.#parts
    const { current } = this.#selector
    if (current > 0 && !options[0]!.hub.isClosed) {
      this.#selector.bar(current, clock.now())
      this.#hasClosed = this.#isBusy
      return this.#isBusy ? undefined : this.#switchTo(0)
    }
    this.end()
    sink.end()
  }

  #write (frame: Frame, done: () => void): void {
    if (timeOf(frame) <= timeOf(this.#sentBefore) || this.#isHidden(frame)) return done()
    const { sink, clock } = this.#parts
    const [from, dropped] = [clock.now(), this.#dropped]
    const numbered = this.#numbered(frame)
    this.#isBusy = true
    this.#sendingSince = frame.live ? from : undefined
    sink.write(numbered, () => {
      this.#isBusy = false
      this.#sendingSince = undefined
      const sent = { bytes: frame.jpeg.length, from, to: clock.now(), skipped: this.#dropped - dropped, link: sink.link() }
      if (this.#hasClosed && !this.#ended) return this.#switchTo(0, done)
      if (frame.live && !this.#ended) this.#aimAt(this.#selector.count(sent))
      if (this.#pending?.isReady) this.#switchTo(this.#pending.option, done)
      else done()
    })
  }

  #numbered (frame: Frame): Frame {
    this.#seq = frame.seq + (this.#offset ??= Math.max(0, this.#seq + 1 - frame.seq))
    this.#sent = { at: frame.at, originalAt: frame.originalAt }
    return renumber(frame, this.#seq)
  }

  /** Hides a rendition's own status frame (it may be starting) while the camera has pictures. */
  #isHidden ({ live }: Frame): boolean {
    return !live && this.#selector.current > 0 && this.#parts.options[0]!.hub.latest?.live === true
  }

  get #dropped (): number { return this.#subscriber?.dropped ?? 0 }

  /** Subscribes to this rendition, and switches to it once it has a picture. The current one cancels a pending switch. */
  #aimAt (option: number): void {
    if (option === (this.#pending?.option ?? this.#selector.current)) return
    cancelSwitch(this.#pending)
    this.#pending = undefined
    if (option === this.#selector.current) return
    const { options, clock } = this.#parts
    const pending: PendingSwitch = { option, isReady: false, cancel: clock.after(MAX_BEHIND_MS, () => this.#giveUp(option)) }
    this.#pending = pending
    pending.subscriber = options[option]!.hub.subscribe({
      write: (frame, done) => {
        done()
        if (this.#pending !== pending || !frame.live || frame.at <= this.#sent.at) return // it need not be newer than what was sent: a rendition may always be decoded later
        pending.isReady = true
        pending.cancel() // from here on, only the current write delays the switch
        if (!this.#isBusy) this.#switchTo(option)
      },
      end: () => this.#giveUp(option)
    })
    if (this.#pending !== pending) cancelSwitch(pending) // the switch was made at once
  }

  /** Call this between two pictures. `done` completes the last write of the old rendition. */
  #switchTo (option: number, done = () => {}): void {
    const { clock, onSwitch } = this.#parts
    const [left, pending, from] = [this.#subscriber, this.#pending, this.#selector.current]
    this.#pending = this.#offset = undefined
    this.#hasClosed = false
    this.#selector.switchTo(option, clock.now())
    left?.end()
    done()
    this.#subscribe()
    cancelSwitch(pending) // last, so that the rendition always has a subscriber
    onSwitch?.(option, from)
  }

  #giveUp (option: number): void {
    this.#selector.bar(option, this.#parts.clock.now())
    this.#aimAt(this.#selector.current)
  }

  /** Checks every second whether the current write is late, and whether the rendition has stopped. */
  #check (): void {
    const { options, clock, sink, subscription } = this.#parts
    this.#cancelCheck = clock.after(CHECK_INTERVAL_MS, () => this.#check())
    if (this.#sendingSince !== undefined) this.#aimAt(this.#selector.wait({ from: this.#sendingSince, to: clock.now(), link: sink.link() }))
    const { current } = this.#selector
    const [full, here] = [options[0]!.hub.latest, options[current]!.hub.latest]
    const maxBehindMs = MAX_BEHIND_MS + 2_000 / (subscription?.fps ?? Infinity) // a rendition makes no more pictures than its viewer wants
    if (current === 0 || this.#isBusy || !full?.live || full.at - (here?.live ? here : this.#sent).at < maxBehindMs) return
    this.#giveUp(current)
    this.#switchTo(0)
  }
}

/** Times of a picture that was sent. */
type Times = Pick<Frame, 'at' | 'originalAt'>

/** Orders the pictures of all renditions as the camera sent them: one may be decoded later than another that is newer. */
const timeOf = ({ at, originalAt = at }: Times): number => originalAt

function cancelSwitch (pending: PendingSwitch | undefined): void {
  pending?.cancel()
  pending?.subscriber?.end()
}
