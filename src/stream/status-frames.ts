import { wallTimeOf, type Clock } from '../clock.js'
import type { Picture } from '../ffmpeg/picture.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Size } from '../picture-size.js'
import { turned } from '../sources/turn.js'
import { PLAIN, type Draw } from './drawing.js'
import type { Publisher } from './publisher.js'
import { noticeOf, type Notice } from '../lifecycle/notice.js'
import type { State } from '../lifecycle/state.js'

/** A viewer's connection is shown to be alive so often (milliseconds). */
const REPEAT = 1_000
/** A start that brings a picture within so long (milliseconds) has nothing to tell, and needs the processor itself. */
const BRIEF = 300
/** What kept ffmpeg from drawing may pass before the outage does: it is asked again after so long (milliseconds). */
const DRAW_AGAIN = 10_000
/** Where neither a picture nor the configuration tells a size: pixels. */
const USUAL = { width: 640, height: 360 }

/** Whose pictures they stand for: what it is called, and the size that was asked for. */
type Pictured = Picture & { readonly name: string }

export interface StatusFramesParts { readonly clock: Clock, readonly draw: Draw }

/**
 * What a camera's viewers see while it shows no pictures: its last one greyed, why, and since when. Drawn once per notice, if
 * that can be done, and only if somebody looks.
 */
export class StatusFrames {
  readonly #camera: Pictured
  readonly #intake: Publisher
  readonly #parts: StatusFramesParts
  #state: State
  #notice: Notice | undefined
  #drawn: Promise<SplitJpeg> | undefined
  #drawAgainAt = Infinity
  #unneeded = new AbortController()
  #callOff = () => {}

  constructor (camera: Pictured, intake: Publisher, state: State, parts: StatusFramesParts) {
    this.#camera = camera
    this.#intake = intake
    this.#parts = parts
    this.#state = state
    this.#notice = noticeOf(state)
    intake.hub.on('watched', () => this.#begin())
    intake.hub.on('unwatched', () => this.#rest())
  }

  /** To be called with every state that the camera comes into, before its pictures go out. */
  tell (state: State): void {
    this.#state = state
    const notice = noticeOf(state)
    if (notice?.text === this.#notice?.text && notice?.since === this.#notice?.since) return
    this.#notice = notice
    this.#drawn = undefined
    this.#unneeded.abort()
    if (notice) this.#intake.hub.clear()
    this.#begin()
  }

  /** The picture that tells how things stand; undefined while the camera runs. */
  async picture (): Promise<SplitJpeg | undefined> {
    for (let notice = this.#notice; notice; notice = this.#notice) {
      const { clock } = this.#parts
      if (clock.now() >= this.#drawAgainAt) this.#drawAgain(notice)
      const drawn = this.#drawn ??= this.#draw(notice)
      const picture = await drawn
      if (notice !== this.#notice) continue // things have changed, and the drawing was called off
      if (picture === PLAIN && drawn === this.#drawn) this.#drawAgainAt = Math.min(this.#drawAgainAt, clock.now() + DRAW_AGAIN)
      return picture
    }
    return undefined
  }

  #begin (): void {
    this.#callOff()
    if (!this.#notice || this.#intake.hub.viewers === 0) return
    const brief = this.#state.kind === 'starting' && this.#state.outage === null && !this.#drawn
    if (brief) this.#callOff = this.#parts.clock.after(BRIEF, () => this.#show())
    else this.#show()
  }

  #show (): void {
    const notice = this.#notice
    void this.picture().then(picture => {
      if (!picture || notice !== this.#notice || this.#intake.hub.viewers === 0) return
      this.#intake.show(picture, this.#state.kind)
      this.#callOff()
      this.#callOff = this.#parts.clock.after(REPEAT, () => this.#show())
    })
  }

  /** Who comes next shall not be handed what was told long ago. */
  #rest (): void {
    this.#callOff()
    if (this.#notice) this.#intake.hub.clear()
  }

  /** Until there is something better, what was drawn is shown. */
  #drawAgain (notice: Notice): void {
    const again = this.#draw(notice)
    void again.then(() => {
      if (notice !== this.#notice) return
      this.#drawn = again
      this.#drawAgainAt = Infinity
    })
  }

  #draw ({ text, since }: Notice): Promise<SplitJpeg> {
    const { clock, draw } = this.#parts
    const { newest } = this.#intake
    const at = new Date(wallTimeOf(clock, since))
    const caption = { title: this.#camera.name, paragraphs: [text, `since ${time.format(at)}`] }
    this.#unneeded = new AbortController()
    this.#drawAgainAt = Infinity
    return draw(caption, newest ?? sizeOf(this.#camera), newest?.jpeg, this.#unneeded.signal)
  }
}

const time = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short'
})

/** The size that the camera's pictures will have, as far as one can tell; even, as JPEG's 4:2:0 wants it. */
function sizeOf ({ width, height, crop, rotate }: Pictured): Size {
  const even = (value: number) => 2 * Math.max(1, Math.round(value / 2))
  const own = turned<number>(crop ?? USUAL, rotate)
  const shape = own.width / own.height
  return {
    width: even(width ?? (height === undefined ? own.width : height * shape)),
    height: even(height ?? (width === undefined ? own.height : width / shape))
  }
}
