import type { Clock } from '../clock.js'
import { renumber, type Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { RenditionSelector } from './rendition-selector.js'
import type { Link } from './congestion-meter.js'
import type { End, Sink, Subscriber, Subscription } from '../frames/subscriber.js'

/** A rendition is given up if its first picture takes this long, and left if it falls this far behind the full picture. */
const MAX_BEHIND_MS = 3_000
const CHECK_INTERVAL_MS = 1_000

/** One rendition of a camera. Its frames keep the time of the picture that they are made of. */
export interface RenditionOption {
  readonly hub: Hub<Frame>
  /** An estimate of its bytes, relative to the full picture's: 1 for that one. */
  readonly share: number
}

export interface AdaptiveSink extends Sink<Frame> {
  /** Undefined if the system cannot be asked. */
  link (): Link | undefined
}

export interface AdaptiveParts {
  /** The full picture first, then smaller ones. */
  readonly options: readonly RenditionOption[]
  readonly sink: AdaptiveSink
  readonly clock: Clock
  readonly subscription?: Subscription<Frame>
  /** The viewer gets another rendition from now on; by index. */
  readonly onSwitch?: (to: number, from: number) => void
}

/** A switch that waits for the other rendition's first picture. */
interface PendingSwitch {
  readonly option: number
  isReady: boolean
  subscriber?: Subscriber<Frame>
  readonly callOff: () => void
}

/** One viewer who gets the rendition that its connection carries. It switches between two pictures, once the other rendition has one. */
export class AdaptiveSubscriber {
  readonly #parts: AdaptiveParts
  readonly #selector: RenditionSelector
  readonly #since: number
  /** On the renditions before this one. */
  #droppedBefore = 0
  #subscriber: Subscriber<Frame> | undefined
  /** Of the newest frame that was sent: its number for this viewer, which rises through all switches, and its time. */
  #seq = 0
  #at = -Infinity
  /** Of the current rendition: the offset of its numbers (mostly 0 for the full picture), and the time of its newest picture that the viewer has seen already. */
  #offset: number | undefined = 0
  #seenUntil = -Infinity
  #isBusy = false
  /** When the picture under way was begun; undefined without one. */
  #sendingSince: number | undefined
  #pending: PendingSwitch | undefined
  #callOffCheck = () => {}
  #ended = false

  constructor (parts: AdaptiveParts) {
    this.#parts = parts
    this.#since = parts.clock.now()
    this.#selector = new RenditionSelector(parts.options.map(({ share }) => share), parts.clock.now())
  }

  /** Subscribes to the full picture. Call it once. */
  start (): void {
    this.#parts.sink.onGone?.(why => this.end(why))
    this.#subscribe()
    this.#check()
  }

  /** Idempotent. The sink is not called again. */
  end (why: End = 'left'): void {
    if (this.#ended) return
    this.#ended = true
    this.#callOffCheck()
    cancel(this.#pending)
    this.#pending = undefined // a write that is called back now causes no switch
    this.#subscriber?.end(why)
  }

  /** Subscribes to the selected rendition, and takes its newest frame at once. */
  #subscribe (): void {
    const { options, sink, subscription } = this.#parts
    this.#droppedBefore += this.#dropped
    this.#subscriber = undefined
    this.#seenUntil = this.#at
    this.#subscriber = options[this.#selector.current]!.hub.subscribe({
      write: (frame, done) => this.#write(frame, done),
      end: () => {
        this.end()
        sink.end()
      }
    }, { ...subscription, before: { since: this.#since, dropped: this.#droppedBefore } })
  }

  #write (frame: Frame, done: () => void): void {
    if (frame.at <= this.#seenUntil || this.#isHidden(frame)) return done()
    const { sink, clock } = this.#parts
    const [from, dropped] = [clock.now(), this.#dropped]
    this.#seq = frame.seq + (this.#offset ??= Math.max(0, this.#seq + 1 - frame.seq))
    this.#at = frame.at
    this.#isBusy = true
    this.#sendingSince = frame.live ? from : undefined
    sink.write(renumber(frame, this.#seq), () => {
      this.#isBusy = false
      this.#sendingSince = undefined
      const sent = { bytes: frame.jpeg.length, from, to: clock.now(), skipped: this.#dropped - dropped, link: sink.link() }
      if (frame.live && !this.#ended) this.#aimAt(this.#selector.count(sent))
      if (this.#pending?.isReady) this.#switchTo(this.#pending.option, done)
      else done()
    })
  }

  /** A rendition's own status frame (it is starting, perhaps) is not for a viewer who could have the camera's pictures. */
  #isHidden ({ live }: Frame): boolean {
    return !live && this.#selector.current > 0 && this.#parts.options[0]!.hub.latest?.live === true
  }

  get #dropped (): number { return this.#subscriber?.dropped ?? 0 }

  /** Makes this the rendition to switch to, and subscribes to it until it has a picture. The current one calls a pending switch off. */
  #aimAt (option: number): void {
    if (option === (this.#pending?.option ?? this.#selector.current)) return
    cancel(this.#pending)
    this.#pending = undefined
    if (option === this.#selector.current) return
    const { options, clock } = this.#parts
    const pending: PendingSwitch = { option, isReady: false, callOff: clock.after(MAX_BEHIND_MS, () => this.#giveUp(option)) }
    this.#pending = pending
    pending.subscriber = options[option]!.hub.subscribe({
      write: (frame, done) => {
        done()
        if (this.#pending !== pending || !frame.live || frame.at <= this.#at) return
        pending.isReady = true
        pending.callOff() // from here on, only the picture under way delays the switch
        if (!this.#isBusy) this.#switchTo(option)
      },
      end: () => this.#giveUp(option)
    })
    if (this.#pending !== pending) cancel(pending) // the switch was made at once
  }

  /** Call it between two pictures. `done` tells the rendition that is left that its last picture was taken. */
  #switchTo (option: number, done = () => {}): void {
    const { clock, onSwitch } = this.#parts
    const [left, pending, from] = [this.#subscriber, this.#pending, this.#selector.current]
    this.#pending = this.#offset = undefined
    this.#selector.switchTo(option, clock.now())
    left?.end()
    done()
    this.#subscribe()
    cancel(pending) // last, so that the rendition has a subscriber all the time
    onSwitch?.(option, from)
  }

  #giveUp (option: number): void {
    this.#selector.bar(option, this.#parts.clock.now())
    this.#aimAt(this.#selector.current)
  }

  /** Every second: is the picture under way late, or has the rendition stopped making pictures? */
  #check (): void {
    const { options, clock, sink, subscription } = this.#parts
    this.#callOffCheck = clock.after(CHECK_INTERVAL_MS, () => this.#check())
    if (this.#sendingSince !== undefined) this.#aimAt(this.#selector.wait({ from: this.#sendingSince, to: clock.now(), link: sink.link() }))
    const { current } = this.#selector
    const [full, here] = [options[0]!.hub.latest, options[current]!.hub.latest]
    const maxBehindMs = MAX_BEHIND_MS + 2_000 / (subscription?.fps ?? Infinity) // a viewer who wants fewer pictures has fewer made
    if (current === 0 || this.#isBusy || !full?.live || full.at - (here?.live ? here.at : this.#at) < maxBehindMs) return
    this.#giveUp(current)
    this.#switchTo(0)
  }
}

function cancel (pending: PendingSwitch | undefined): void {
  pending?.callOff()
  pending?.subscriber?.end()
}
