import type { Size } from '../../picture-size.js'
import { HEADER_BYTES } from '../../wire/picture-header.js'
import type { Camgate, PictureMessage, TileEvents, TileMessage } from '../page/camgate.js'
import { needsSocket, type Choice } from '../paths/choice.js'
import { pagePaths } from '../paths/page-paths.js'
import type { PageHost, PagePath } from '../paths/path.js'
import type { EnginePathName, Painted, PathName } from '../protocol.js'

/** A tile that camgate has closed (too many viewers, no such camera) is asked for again after so long. */
const ASK_AGAIN_MS = 15_000

export interface ShowingParts {
  readonly camgate: Camgate
  readonly camera: string
  readonly choice: Choice
  readonly addresses: Pick<PageHost, 'stream' | 'snapshot' | 'token'>
  /** Where the pictures go. */
  readonly frame: HTMLElement
  /** Device pixels. */
  readonly size: Size
  readonly fps: number | undefined
  message (message: TileMessage): void
  connection (isOpen: boolean, reason: string): void
  painted (picture: Size & { readonly wall: number, readonly count: number }): void
  /** camgate wants another proof for a picture that was fetched. */
  refused (): void
  failed (path: PathName, reason: string): void
}

/** Shows one camera by one path, until that fails or something else is to be shown. */
export class Showing implements TileEvents {
  readonly #parts: ShowingParts
  readonly #canvas = document.createElement('canvas')
  readonly #page: PagePath | undefined
  /** Undefined for paths that need no socket. */
  readonly #id: number | undefined
  #size: Size
  #isVisible = false
  #count = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor (parts: ShowingParts) {
    const { camgate, choice, frame } = parts
    this.#parts = parts
    this.#size = parts.size
    this.#page = pagePaths[choice.path]?.(this.#pageHost())
    for (const element of [this.#canvas, this.#page?.element]) {
      element?.classList.add('picture')
      element?.part.add('picture')
      if (element) frame.prepend(element)
    }
    if (!needsSocket(choice.path)) return
    this.#id = camgate.open(this)
    this.#ask(this.#canvas.transferControlToOffscreen())
  }

  setVisible (isVisible: boolean): void {
    if (this.#isVisible === isVisible) return
    this.#isVisible = isVisible
    this.#page?.[isVisible ? 'show' : 'hide']()
    if (this.#id !== undefined) this.#parts.camgate[isVisible ? 'show' : 'hide'](this.#id)
  }

  resize (size: Size): void {
    this.#size = size
    this.#ask()
  }

  snapshot (): Promise<Blob> {
    if (this.#page && (this.#id === undefined || this.#page.element.classList.contains('front'))) return this.#page.snapshot()
    return this.#parts.camgate.snapshot(this.#id!)
  }

  close (): void {
    clearTimeout(this.#timer)
    if (this.#id !== undefined) this.#parts.camgate.close(this.#id)
    this.#page?.close()
    this.#page?.element.remove()
    this.#canvas.remove()
  }

  message (message: TileMessage): void {
    if (message.op === 'config') this.#page?.configure?.(message)
    if (message.op === 'error' && message.id !== undefined) this.#timer = setTimeout(() => this.#ask(), ASK_AGAIN_MS)
    this.#parts.message(message)
  }

  connection (isOpen: boolean, reason: string): void { this.#parts.connection(isOpen, reason) }

  painted ({ kind, wall, width, height, count }: Painted): void {
    this.#front(kind === 'jpeg' || !this.#page ? this.#canvas : this.#page.element)
    this.#parts.painted({ wall, width, height, count })
  }

  picture ({ header, message }: PictureMessage): void {
    let isDone = false
    const done = () => {
      if (!isDone) this.#parts.camgate.credit(message.byteLength)
      isDone = true
    }
    if (this.#page?.add) this.#page.add({ header, data: new Uint8Array(message, HEADER_BYTES), done })
    else done()
  }

  failed (reason: string): void { this.#parts.failed(this.#parts.choice.path, reason) }

  #ask (canvas?: OffscreenCanvas): void {
    if (this.#id === undefined) return
    const { camgate, camera, choice, fps } = this.#parts
    const { path, accept } = choice
    camgate.ask({ id: this.#id, camera, path: path as EnginePathName, accept, ...this.#size, ...fps !== undefined && { fps }, priority: 0, hidden: !this.#isVisible }, canvas)
  }

  #pageHost (): PageHost {
    const parts = this.#parts
    return {
      ...parts.addresses,
      painted: ({ header, ageMs = 0, width, height }) => {
        if (header) return parts.camgate.painted(header, width, height)
        this.#front(this.#page!.element)
        parts.painted({ wall: parts.camgate.now() - ageMs, width, height, count: parts.choice.path === 'img' ? 0 : ++this.#count }) // an <img> does not say how many it shows
      },
      ageOf: ({ wall }) => parts.camgate.now() - wall,
      again: () => { if (this.#id !== undefined) parts.camgate.again(this.#id) },
      refused: () => parts.refused(),
      failed: reason => this.failed(reason)
    }
  }

  /** Shows this one of the two elements: status frames and smaller renditions come as JPEGs even to a video. */
  #front (element: Element): void {
    if (element.classList.contains('front')) return
    for (const other of [this.#canvas, this.#page?.element]) other?.classList.toggle('front', other === element)
  }
}
