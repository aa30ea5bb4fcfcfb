import type { StateName, Verb } from '../../wire/messages.js'
import { baseOf, proofOf, scriptBase, type Proof } from '../page/addresses.js'
import { Camgate } from '../page/camgate.js'
import type { StartedWorker } from '../page/engine-port.js'
import { lookAt, watchVisibility } from '../page/visibility.js'
import type { PathName } from '../protocol.js'
import { ElementBase } from './base.js'
import type { Condition } from './condition.js'
import { Player } from './player.js'
import { sheet, VIEW_CSS } from './style.js'
import { ageInWords, statusInWords } from './words.js'

/** The age grows without events. */
const RENDER_INTERVAL_MS = 500
/** When a size has stopped to change, camgate is told: it may choose another picture. */
const RESIZED_AFTER_MS = 200

const SCRIPT_BASE = 'document' in globalThis ? scriptBase() : ''
let style: CSSStyleSheet | undefined

/** `<camgate-view camera="1">`: one camera, live. docs/embed.md lists its attributes, properties, events and parts. */
export class CamgateView extends ElementBase {
  static readonly observedAttributes = ['camera', 'src', 'token', 'link', 'path']

  /** For a page that will have an element soon: it finds the socket open. */
  static connect (started?: StartedWorker): void { Camgate.connect(SCRIPT_BASE, started) }

  /** Returns a token or a signed link when the last one has ended. No field, which would drop what a page has set before this script was there. */
  declare renew: (() => Promise<string> | string) | undefined
  readonly #frame = document.createElement('div')
  readonly #status = document.createElement('div')
  readonly #badge = document.createElement('div')
  #player: Player | undefined
  #condition: Condition = { state: 'connecting', reason: '', picture: 'none' }
  #aspect = ''
  #isVisible = false
  #isDue = false
  #stopWatching: (() => void) | undefined
  #timer: ReturnType<typeof setInterval> | undefined
  #resizing: ReturnType<typeof setTimeout> | undefined
  readonly #resized = new ResizeObserver(() => {
    clearTimeout(this.#resizing)
    this.#resizing = setTimeout(() => this.#player?.resize(this.#size()), RESIZED_AFTER_MS)
  })

  constructor () {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [style ??= sheet(VIEW_CSS)]
    for (const [element, name] of [[this.#frame, 'frame'], [this.#status, 'status'], [this.#badge, 'badge']] as const) {
      element.className = name
      if (name !== 'frame') element.part.add(name)
    }
    this.#status.role = 'status'
    this.#frame.dataset.picture = 'none'
    this.#frame.append(this.#status, this.#badge)
    root.append(this.#frame)
  }

  /** camgate's state of the camera, or what keeps the element from showing it. */
  get state () { return this.#condition.state }
  /** Why there is no live picture, or why not by the best path; empty if all is well. */
  get reason (): string { return this.#condition.reason }
  get path (): PathName | undefined { return this.#player?.path }
  /** As the attribute: frameworks set it as a property. */
  set path (forced: string | undefined) { this.setAttribute('path', forced ?? 'auto') }
  /** The age of the picture on the screen, as of now; undefined without one. */
  get ageMs (): number | undefined { return this.#player?.ageMs }
  get fps (): number { return this.#player?.fps ?? 0 }
  /** The camera's picture, not the element. 0 without one. */
  get width (): number { return this.#player?.picture?.width ?? 0 }
  get height (): number { return this.#player?.picture?.height ?? 0 }
  /** Since when the camera is in its state, its failure, and when it is tried again: milliseconds since 1970 by this machine's clock. */
  get details () {
    const camera = this.#player?.camera
    return camera && { failure: camera.failure, since: this.#player!.here(camera.since), retryAt: camera.retryAt === null ? null : this.#player!.here(camera.retryAt) }
  }

  /** The next picture in full size, as a JPEG. */
  async snapshot (): Promise<Blob> {
    if (!this.#player) throw new Error('The element is not in a page, or has no camera.')
    return await this.#player.snapshot()
  }

  /** Starts, stops or restarts the camera; resolves with its new state, and rejects with camgate's sentence if that is not allowed. */
  async command (verb: Verb): Promise<StateName> {
    if (!this.#player) throw new Error('The element is not in a page, or has no camera.')
    return await this.#player.command(verb)
  }

  connectedCallback (): void {
    this.#stopWatching = watchVisibility(this, isVisible => {
      this.#isVisible = isVisible
      this.#player?.setVisible(isVisible)
    })
    this.#resized.observe(this)
    this.#timer = setInterval(() => this.#render(), RENDER_INTERVAL_MS)
    this.attributeChangedCallback()
  }

  disconnectedCallback (): void {
    this.#stopWatching?.()
    this.#resized.disconnect()
    clearInterval(this.#timer)
    clearTimeout(this.#resizing)
    this.#player?.close()
    this.#player = undefined
  }

  /** With this, a page that moves the element by `moveBefore` does not interrupt it. */
  connectedMoveCallback (): void {}

  /** Begins again, once for all attributes that change together. */
  attributeChangedCallback (): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      this.#player?.close()
      this.#player = undefined
      if (this.isConnected) this.#begin()
    })
  }

  #begin (): void {
    const camera = this.getAttribute('camera')
    if (!camera) return
    const [token, link, path] = ['token', 'link', 'path'].map(name => this.getAttribute(name) || undefined)
    const src = this.getAttribute('src')
    const proof: Proof = { ...token !== undefined && { token }, ...link !== undefined && { link } }
    lookAt(this)
    this.#player = new Player({
      base: src === null ? SCRIPT_BASE : baseOf(src),
      proof,
      renew: async () => proofOf(await this.renew?.()),
      camera,
      forced: path === 'auto' ? undefined : path as PathName | undefined,
      frame: this.#frame,
      size: this.#size(),
      changed: () => this.#render(),
      pathChanged: ({ path, reason }) => this.#tell('path', { path, reason }),
      error: (code, message) => this.#tell('error', { code, message })
    })
    this.#player.setVisible(this.#isVisible)
    this.#render()
  }

  #size () {
    const { width, height } = this.getBoundingClientRect()
    const pixels = (length: number) => Math.max(1, Math.round(length * devicePixelRatio))
    return { width: pixels(width), height: pixels(height) }
  }

  #render (): void {
    if (!this.#player) return
    const before = this.#condition
    const { state, reason, picture } = this.#condition = this.#player.condition
    const { width, height, ageMs } = this
    const aspect = `${width} / ${height}`
    if (width > 0 && aspect !== this.#aspect) this.#frame.style.setProperty('--camgate-aspect', this.#aspect = aspect)
    if (picture !== before.picture) this.#frame.dataset.picture = picture
    setText(this.#status, statusInWords(this.#condition))
    setText(this.#badge, picture === 'old' && ageMs !== undefined ? ageInWords(ageMs) : '')
    if (state !== before.state || reason !== before.reason) this.#tell('state', { state, reason, ...this.details })
  }

  #tell (what: 'state' | 'path' | 'error', detail: object): void {
    this.dispatchEvent(new CustomEvent(`camgate-${what}`, { detail, bubbles: true, composed: true }))
  }
}

/** Leaves the same text alone: screen readers would read it out again. */
function setText (element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
