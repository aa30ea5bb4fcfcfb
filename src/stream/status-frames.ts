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
/** If ffmpeg could not draw, it may be able to before the outage ends. */
export const REDRAW_AFTER_MS = 10_000
/** Pixels, if neither a picture nor the configuration has a size. */
export const DEFAULT_SIZE = { width: 640, height: 360 }

/** The camera's name, and the size that was configured. */
type CameraPicture = PictureSettings & { readonly name: string }

export interface StatusFramesParts { readonly clock: Clock, readonly draw: Draw }

/**
 * What viewers see while a camera shows no pictures: the last one greyed, the reason, and since when. Each notice is drawn once,
 * and only if there are viewers.
 */
export class StatusFrames {
  readonly #camera: CameraPicture
  readonly #publisher: Publisher
  readonly #parts: StatusFramesParts
  #state: State
  #notice: Notice | undefined
  #drawn: Promise<SplitJpeg> | undefined
  #drawAgainAt = Infinity
  #unneeded = new AbortController()
  #cancel = () => {}

  constructor (camera: CameraPicture, publisher: Publisher, state: State, parts: StatusFramesParts) {
    this.#camera = camera
    this.#publisher = publisher
    this.#parts = parts
    this.#state = state
    this.#notice = noticeOf(state)
    publisher.hub.on('watched', () => this.#begin())
    publisher.hub.on('unwatched', () => this.#rest())
  }

  /** Call it with every new state of the camera, before any picture of that state is published. */
  update (state: State, notice = noticeOf(state)): void {
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

  /** The picture for a viewer whose stream ends although the camera goes on: the text over the camera's last picture, greyed. */
  last (text: string): Promise<SplitJpeg> {
    return this.#drawNotice({ text, since: this.#parts.clock.now() }, new AbortController().signal)
  }

  #begin (): void {
    this.#cancel()
    if (!this.#notice || this.#publisher.hub.viewers === 0) return
    const mayBeBrief = this.#state.kind === 'starting' && this.#state.outage === null && !this.#drawn
    if (mayBeBrief) this.#cancel = this.#parts.clock.after(START_GRACE_MS, () => this.#show())
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
    const at = new Date(wallTimeOf(clock, since))
    const caption = { title: this.#camera.name, paragraphs: [text, `since ${time.format(at)}`] }
    return draw(caption, newest ?? sizeOf(this.#camera), newest?.jpeg, signal)
  }
}

const time = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short'
})

/** The expected size of the camera's pictures; even, for JPEG's 4:2:0. */
function sizeOf ({ width, height, crop, rotate }: CameraPicture): Size {
  const even = (value: number) => 2 * Math.max(1, Math.round(value / 2))
  const own = rotated<number>(crop ?? DEFAULT_SIZE, rotate)
  const shape = own.width / own.height
  return {
    width: even(width ?? (height === undefined ? own.width : height * shape)),
    height: even(height ?? (width === undefined ? own.height : width / shape))
  }
}
