import type { Clock } from '../clock.js'
import { renumber, type Frame } from '../frames/frame.js'
import type { Hub } from '../frames/hub.js'
import { RenditionSelector } from './rendition-selector.js'
import type { Link } from './congestion-meter.js'
import type { End, Sink, Subscriber, Subscription } from '../frames/subscriber.js'

/** A rung has so long for its first picture, and is left when it is so far behind the top: milliseconds. */
const PATIENCE = 3_000
/** How often that is looked at (milliseconds). */
const LOOK_EVERY = 1_000

/** One rendition of a camera, whose frames keep the time of the picture that they are made of. */
export interface Rung {
  readonly hub: Hub<Frame>
  /** How many of the top's bytes it takes, by guess: 1 for the top. */
  readonly share: number
}

export interface AdaptiveSink extends Sink<Frame> {
  /** Undefined where the system cannot be asked. */
  link (): Link | undefined
}

export interface AdaptiveParts {
  /** From the full picture down. */
  readonly rungs: readonly Rung[]
  readonly sink: AdaptiveSink
  readonly clock: Clock
  readonly subscription?: Subscription<Frame>
  /** It is on another rung. */
  readonly onMove?: (to: number, from: number) => void
}

/** What waits for the first picture of another rung. */
interface PendingSwitch {
  readonly rung: number
  isThere: boolean
  subscriber?: Subscriber<Frame>
  readonly callOff: () => void
}

/** One viewer on a ladder of renditions: it leaves a rung with the first picture that it has of the other, between two pictures. */
export class AdaptiveSubscriber {
  readonly #parts: AdaptiveParts
  readonly #ladder: RenditionSelector
  readonly #since: number
  /** On the rungs that it has left. */
  #droppedBefore = 0
  #leg: Subscriber<Frame> | undefined
  /** Of the newest frame that was sent: its number for this viewer, which rises whatever the rung, and its time. */
  #number = 0
  #at = -Infinity
  /** Of the rung where it stands: what to add to its numbers, mostly nothing at the top; and up to when its pictures have been seen already. */
  #offset: number | undefined = 0
  #seenUntil = -Infinity
  #busy = false
  /** Since when a picture is being sent; undefined while none is. */
  #sendingSince: number | undefined
  #next: PendingSwitch | undefined
  #callOff = () => {}
  #ended = false

  constructor (parts: AdaptiveParts) {
    this.#parts = parts
    this.#since = parts.clock.now()
    this.#ladder = new RenditionSelector(parts.rungs.map(({ share }) => share), parts.clock.now())
  }

  /** Subscribes; to be called once. */
  start (): void {
    this.#parts.sink.onGone?.(why => this.end(why))
    this.#stand()
    this.#look()
  }

  /** Idempotent. The sink is not called again. */
  end (why?: End): void {
    if (this.#ended) return
    this.#ended = true
    this.#callOff()
    forget(this.#next)
    this.#next = undefined // a write that is called back now moves nobody
    this.#leg?.end(why)
  }

  /** Subscribes to the ladder's rung, whose newest frame is taken at once. */
  #stand (): void {
    const { rungs, sink, subscription } = this.#parts
    this.#droppedBefore += this.#dropped
    this.#leg = undefined
    this.#seenUntil = this.#at
    this.#leg = rungs[this.#ladder.rung]!.hub.subscribe({
      write: (frame, done) => this.#write(frame, done),
      end: () => {
        this.end()
        sink.end()
      }
    }, { ...subscription, before: { since: this.#since, dropped: this.#droppedBefore } })
  }

  #write (frame: Frame, done: () => void): void {
    if (frame.at <= this.#seenUntil || this.#isItsOwn(frame)) return done()
    const { sink, clock } = this.#parts
    const [from, dropped] = [clock.now(), this.#dropped]
    this.#number = frame.seq + (this.#offset ??= Math.max(0, this.#number + 1 - frame.seq))
    this.#at = frame.at
    this.#busy = true
    this.#sendingSince = frame.live ? from : undefined
    sink.write(renumber(frame, this.#number), () => {
      this.#busy = false
      this.#sendingSince = undefined
      const sent = { bytes: frame.jpeg.length, from, to: clock.now(), skipped: this.#dropped - dropped, link: sink.link() }
      if (frame.live && !this.#ended) this.#ask(this.#ladder.count(sent))
      if (this.#next?.isThere) this.#move(this.#next.rung, done)
      else done()
    })
  }

  /** What a rung has to say while the camera is well, that it is just starting perhaps, is not for who can have pictures. */
  #isItsOwn ({ live }: Frame): boolean {
    return !live && this.#ladder.rung > 0 && this.#parts.rungs[0]!.hub.latest?.live === true
  }

  get #dropped (): number { return this.#leg?.dropped ?? 0 }

  /** Has the pictures of another rung come, for as long as it is wanted. */
  #ask (rung: number): void {
    if (rung === (this.#next?.rung ?? this.#ladder.rung)) return
    forget(this.#next)
    this.#next = undefined
    if (rung === this.#ladder.rung) return
    const { rungs, clock } = this.#parts
    const next: PendingSwitch = { rung, isThere: false, callOff: clock.after(PATIENCE, () => this.#refuse(rung)) }
    this.#next = next
    next.subscriber = rungs[rung]!.hub.subscribe({
      write: (frame, done) => {
        done()
        if (this.#next !== next || !frame.live || frame.at <= this.#at) return
        next.isThere = true
        next.callOff() // from here on the picture that is being sent is what takes its time
        if (!this.#busy) this.#move(rung)
      },
      end: () => this.#refuse(rung)
    })
    if (this.#next !== next) forget(next) // it was there at once
  }

  /** To be called between two pictures; `done` tells the rung that is left that its last one was taken. */
  #move (to: number, done = () => {}): void {
    const { clock, onMove } = this.#parts
    const [gone, next, from] = [this.#leg, this.#next, this.#ladder.rung]
    this.#next = this.#offset = undefined
    this.#ladder.move(to, clock.now())
    gone?.end()
    done()
    this.#stand()
    forget(next) // behind the other, so that somebody is there all the time
    onMove?.(to, from)
  }

  #refuse (rung: number): void {
    this.#ladder.refuse(rung, this.#parts.clock.now())
    this.#ask(this.#ladder.rung)
  }

  #look (): void {
    const { rungs, clock, sink, subscription } = this.#parts
    this.#callOff = clock.after(LOOK_EVERY, () => this.#look())
    if (this.#sendingSince !== undefined) this.#ask(this.#ladder.wait({ from: this.#sendingSince, to: clock.now(), link: sink.link() }))
    const { rung } = this.#ladder
    const [top, here] = [rungs[0]!.hub.latest, rungs[rung]!.hub.latest]
    const patience = PATIENCE + 2_000 / (subscription?.fps ?? Infinity) // where pictures are wanted less often, they are made less often
    if (rung === 0 || this.#busy || !top?.live || top.at - (here?.live ? here.at : this.#at) < patience) return
    this.#refuse(rung)
    this.#move(0)
  }
}

function forget (scout: PendingSwitch | undefined): void {
  scout?.callOff()
  scout?.subscriber?.end()
}
