import type { StateName, Verb } from '../../wire/messages.js'
import { Camgate, type Renew, type TileMessage } from '../page/camgate.js'
import type { Proof } from '../page/addresses.js'
import { choosePath, type Choice } from '../paths/choice.js'
import type { PathName } from '../protocol.js'
import { conditionOf, type CameraState, type Condition } from './condition.js'
import { Rate } from './rate.js'
import { Showing, type PictureSize } from './showing.js'

export interface PlayerParts {
  readonly base: string
  readonly proof: Proof
  readonly renew: Renew
  readonly camera: string
  readonly forced: PathName | undefined
  readonly frame: HTMLElement
  /** Device pixels. */
  readonly size: PictureSize
  /** The condition, or what the picture is, may have changed. */
  changed (): void
  pathChanged (choice: Choice): void
  error (code: string, message: string): void
}

/** One camera for one element: chooses the path, takes the next when one fails, and knows how it is. */
export class Player {
  readonly #parts: PlayerParts
  readonly #camgate: Camgate
  readonly #failed = new Map<PathName, string>()
  readonly #rate = new Rate()
  #showing: Showing | undefined
  #isClosed = false
  #isVisible = false
  #size: PictureSize
  #choice: Choice | undefined
  #connection = { isOpen: false, reason: '' }
  #camera: CameraState | undefined
  #why = ''
  #refusal: string | undefined
  #noPath: string | undefined
  #painted: { readonly wall: number, readonly width: number, readonly height: number } | undefined

  constructor (parts: PlayerParts) {
    this.#parts = parts
    this.#size = parts.size
    this.#camgate = Camgate.at(parts.base, parts.proof)
    this.#camgate.renewers.add(parts.renew)
    void this.#show()
  }

  get path (): PathName | undefined { return this.#choice?.path }
  get camera (): CameraState | undefined { return this.#camera }
  get picture (): PictureSize | undefined { return this.#painted }
  get fps (): number { return this.#rate.at(performance.now()) }
  /** How old the picture on the screen is now. */
  get ageMs (): number | undefined { return this.#painted && Math.max(0, this.#camgate.now() - this.#painted.wall) }

  get condition (): Condition {
    const pathReason = this.#why || (this.#choice?.reason ?? '')
    return conditionOf({ connection: this.#connection, camera: this.#camera, refusal: this.#refusal, noPath: this.#noPath, pathReason, ageMs: this.ageMs })
  }

  /** In milliseconds since 1970 by this machine's clock, of a time by camgate's. */
  here (wall: number): number { return wall - this.#camgate.now() + Date.now() }

  setVisible (isVisible: boolean): void {
    this.#isVisible = isVisible
    this.#showing?.setVisible(isVisible)
  }

  resize (size: PictureSize): void {
    this.#size = size
    this.#showing?.resize(size)
  }

  async snapshot (): Promise<Blob> {
    if (!this.#showing || !this.#painted) throw new Error('There is no picture yet.')
    return await this.#showing.snapshot()
  }

  command (verb: Verb): Promise<StateName> { return this.#camgate.command(verb, this.#parts.camera) }

  close (): void {
    this.#isClosed = true
    this.#camgate.renewers.delete(this.#parts.renew)
    this.#showing?.close()
  }

  async #show (): Promise<void> {
    const decodes = await this.#camgate.accepts
    if (this.#isClosed) return
    const { base, camera, forced, frame } = this.#parts
    const choice = this.#choice = choosePath({ decodes, forced, failed: this.#failed })
    this.#noPath = choice ? undefined : 'This browser cannot show the camera.'
    if (!choice) return this.#parts.changed()
    this.#parts.pathChanged(choice)
    this.#showing = new Showing({
      camgate: this.#camgate,
      base,
      camera,
      choice,
      frame,
      size: this.#size,
      fps: undefined,
      message: message => this.#message(message),
      connection: (isOpen, reason) => this.#connected(isOpen, reason),
      painted: picture => this.#paintedNow(picture),
      failed: (path, reason) => this.#next(path, reason)
    })
    this.#showing.setVisible(this.#isVisible)
  }

  #next (path: PathName, reason: string): void {
    this.#failed.set(path, reason)
    this.#showing?.close()
    this.#showing = undefined
    this.#painted = undefined
    void this.#show()
  }

  #message (message: TileMessage): void {
    if (message.op === 'state') {
      this.#camera = message
      this.#refusal = undefined
    }
    if (message.op === 'config') this.#why = message.why ?? ''
    if (message.op === 'error') {
      this.#refusal = message.message
      this.#parts.error(message.code, message.message)
    }
    this.#parts.changed()
  }

  #connected (isOpen: boolean, reason: string): void {
    this.#connection = { isOpen, reason }
    if (isOpen) this.#refusal = undefined
    this.#parts.changed()
  }

  #paintedNow ({ count, ...picture }: PictureSize & { readonly wall: number, readonly count: number }): void {
    this.#painted = picture
    this.#rate.note(performance.now(), count)
    this.#parts.changed()
  }
}
