import { wallTimeOf, type Clock } from '../clock.js'
import type { PictureSettings } from '../ffmpeg/picture-settings.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import { rotated, type Size } from '../picture-size.js'
import { PLAIN, type Draw } from './drawing.js'
import type { Publisher } from './publisher.js'
import { noticeOf, type Notice } from '../lifecycle/notice.js'
import type { State } from '../lifecycle/state.js'

/** A repeated frame shows that the connection is alive. */
const REPEAT_INTERVAL_MS = 1_000
/** A start that brings a picture within this time needs no status frame, and needs the processor for itself. */
const START_GRACE_MS = 300
/** A busy viewer is given the last picture once it has received the one before. */
const LAST_PICTURE_TIMEOUT_MS = 1_000
/** If ffmpeg could not draw, it may be able to before the outage ends. */
export const REDRAW_AFTER_MS = 10_000
/** Pixels, if neither a picture nor the configuration has a size. */
export const DEFAULT_SIZE = { width: 640, height: 360 }

/** The camera's name, and the size that is configured, as they are now. */
export interface PictureHost { readonly camera: PictureSettings & { readonly name: string } }

export interface StatusFramesParts { readonly clock: Clock, readonly draw: Draw }

/**
 * What viewers see while a camera shows no pictures: the last one greyed, the reason, and since when. Each notice is drawn once,
 * and only if there are viewers.
 */
export class StatusFrames {
  readonly #host: PictureHost
  readonly #publisher: Publisher
  readonly #parts: StatusFramesParts
  #state: State
  #notice: Notice | undefined
  #drawn: Promise<SplitJpeg> | undefined
  #drawAgainAt = Infinity
  #unneeded = new AbortController()
  #cancel = () => {}
  #hasEnded = false

  constructor (host: PictureHost, publisher: Publisher, state: State, parts: StatusFramesParts) {
    this.#host = host
    this.#publisher = publisher
    this.#parts = parts
    this.#state = state
    this.#notice = noticeOf(state)
    publisher.hub.on('watched', () => this.#begin())
    publisher.hub.on('unwatched', () => this.#rest())
  }

  /** Call it with every new state of the camera, before any picture of that state is published. */
  update (state: State, notice = noticeOf(state)): void {
    if (this.#hasEnded) return
    this.#state = state
    if (notice?.text === this.#notice?.text && notice?.since === this.#notice?.since) return
    this.#notice = notice
    this.#drawn = undefined
    this.#unneeded.abort()
    if (notice) this.#publisher.hub.clear()
    this.#begin()
  }

  /** The current status picture; undefined while the camera runs. */
  async picture (): Promise<SplitJpeg | undefined> {
    for (let notice = this.#notice; notice; notice = this.#notice) {
      const { clock } = this.#parts
      if (clock.now() >= this.#drawAgainAt) this.#drawAgain(notice)
      const drawn = this.#drawn ??= this.#draw(notice)
      const picture = await drawn
      if (notice !== this.#notice) continue // the notice has changed, and the drawing was aborted
      if (picture === PLAIN && drawn === this.#drawn) this.#drawAgainAt = Math.min(this.#drawAgainAt, clock.now() + REDRAW_AFTER_MS)
      return picture
    }
    return undefined
  }

  /** The camera has another name or size. */
  redraw (): void {
    if (this.#hasEnded || !this.#notice) return
    this.#drawn = undefined
    this.#unneeded.abort()
    this.#notice = { ...this.#notice } // what is being drawn is not this one's
    this.#begin()
  }

  /** The last picture for all viewers, because there will be none any more. Resolves when they have had time to receive it. */
  async end (text: string, state: string): Promise<void> {
    this.#cancel()
    this.#hasEnded = true
    this.#unneeded.abort()
    this.#notice = { text, since: this.#parts.clock.now() }
    this.#drawn = undefined
    if (this.#publisher.hub.viewers === 0) return
    const picture = await this.picture()
    this.#publisher.hub.clear()
    if (picture) this.#publisher.show(picture, state)
    await new Promise<void>(resolve => { this.#parts.clock.after(LAST_PICTURE_TIMEOUT_MS, resolve) })
  }

  /** The picture for a viewer whose stream ends although the camera goes on: the text over the camera's last picture, greyed. */
  last (text: string): Promise<SplitJpeg> {
    return this.#drawNotice({ text, since: this.#parts.clock.now() }, new AbortController().signal)
  }

  #begin (): void {
    this.#cancel()
    if (this.#hasEnded || !this.#notice || this.#publisher.hub.viewers === 0) return
    if (mayBeBrief(this.#state) && !this.#drawn) this.#cancel = this.#parts.clock.after(START_GRACE_MS, () => this.#show())
    else this.#show()
  }

  #show (): void {
    const notice = this.#notice
    void this.picture().then(picture => {
      if (!picture || notice !== this.#notice || this.#publisher.hub.viewers === 0) return
      this.#publisher.show(picture, this.#state.kind)
      this.#cancel()
      this.#cancel = this.#parts.clock.after(REPEAT_INTERVAL_MS, () => this.#show())
    })
  }

  /** Clears the hub, so that the next viewer does not get an old status frame. */
  #rest (): void {
    this.#cancel()
    if (this.#notice) this.#publisher.hub.clear()
  }

  /** Draws again; the current picture stays until then. */
  #drawAgain (notice: Notice): void {
    const again = this.#draw(notice)
    void again.then(() => {
      if (notice !== this.#notice) return
      this.#drawn = again
      this.#drawAgainAt = Infinity
    })
  }

  #draw (notice: Notice): Promise<SplitJpeg> {
    this.#unneeded = new AbortController()
    this.#drawAgainAt = Infinity
    return this.#drawNotice(notice, this.#unneeded.signal)
  }

  #drawNotice ({ text, since }: Notice, signal: AbortSignal): Promise<SplitJpeg> {
    const { clock, draw } = this.#parts
    const { newest } = this.#publisher
    const { camera } = this.#host
    const at = new Date(wallTimeOf(clock, since))
    const caption = { title: camera.name, paragraphs: [text, `since ${time.format(at)}`] }
    return draw(caption, newest ?? sizeOf(camera), newest?.jpeg, signal)
  }
}

/** A first start, or a restart: viewers keep the picture that they have. */
const mayBeBrief = (state: State): boolean =>
  state.kind === 'stopping' ? state.goal.kind === 'starting' : state.kind === 'starting' && state.outage === null

const time = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short'
})

/** The expected size of the camera's pictures; even, for JPEG's 4:2:0. */
function sizeOf ({ width, height, crop, rotate }: PictureSettings): Size {
  const even = (value: number) => 2 * Math.max(1, Math.round(value / 2))
  const own = rotated<number>(crop ?? DEFAULT_SIZE, rotate)
  const shape = own.width / own.height
  return {
    width: even(width ?? (height === undefined ? own.width : height * shape)),
    height: even(height ?? (width === undefined ? own.height : width / shape))
  }
}
