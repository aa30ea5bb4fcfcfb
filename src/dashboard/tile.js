import { viewersOf } from './api.js'
import { Card } from './card.js'
import { find, setText } from './dom.js'
import { duration, reason } from './words.js'

const OLD_MS = 5_000
const TILE_ASPECT = 16 / 9

/** One camera in the list, with its newest snapshot. It is drawn on a canvas, because a strict CSP forbids blob: URLs. */
export class Tile {
  #card
  #link
  #canvas
  #age
  #drawnAt = NaN
  #isLive = false
  #name = ''

  /**
   * @param {string} id
   * @param {HTMLTemplateElement} template
   * @param {(verb: import('./api.js').Verb) => void} press
   */
  constructor (id, template, press) {
    this.id = id
    this.element = find(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), '.tile')
    this.element.dataset.id = id
    this.#card = new Card(this.element, press)
    this.#link = /** @type {HTMLAnchorElement} */ (find(this.element, '.picture'))
    this.#link.href = new URL(`#camera/${id}`, window.location.href).href // not relative to base.js's base
    this.#canvas = /** @type {HTMLCanvasElement} */ (find(this.element, 'canvas'))
    this.#age = find(this.element, '.age')
    /** Whether the tile is on the screen, or nearly so. */
    this.inView = false
    /** Whether the camera has been idle, which means that it starts on demand. */
    this.onDemand = false
  }

  /** @param {import('./card.js').View} view */
  update (view) {
    this.#card.update(view)
    if (view.camera.state === 'idle') this.onDemand = true
    if (view.camera.name !== this.#name) this.#link.ariaLabel = `Enlarge ${this.#name = view.camera.name}`
    const age = performance.now() - this.#drawnAt
    this.#isLive = !view.lost && view.camera.state === 'running' && reason(view.camera) === ''
    const old = this.#isLive && age > OLD_MS
    setText(this.#age, old ? `${duration(age)} old` : '')
    this.element.dataset.picture = Number.isNaN(this.#drawnAt) ? 'none' : this.#isLive && !old ? 'live' : 'old'
  }

  /**
   * Whether to fetch pictures for it. While a tile can be seen, it is a viewer like any other, so its camera is decoded, even if the page is open for
   * weeks on a wall: that is what it is there for. But tiles neither wake an on-demand camera nor keep it awake: it may be idle to save a battery or a
   * data plan.
   * @param {import('./card.js').View} view
   */
  wantsPicture ({ camera, lost }) {
    return this.inView && !lost && camera.state === 'running' && (!this.onDemand || viewersOf(camera) > 0)
  }

  /**
   * Draws at the size of the tile: 64 canvases of the cameras' own size would take half a gigabyte.
   * @param {Blob} jpeg
   * @param {AbortSignal} signal
   */
  async draw (jpeg, signal) {
    const picture = await window.createImageBitmap(jpeg)
    if (!signal.aborted) {
      const width = Math.min(picture.width, Math.ceil(this.#link.clientWidth * window.devicePixelRatio) || picture.width)
      const height = Math.round(width * picture.height / picture.width)
      if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height })
      this.#canvas.classList.toggle('fills', Math.abs(width / height / TILE_ASPECT - 1) < 0.03)
      this.#canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height)
      this.#drawnAt = performance.now()
      if (this.#isLive) this.element.dataset.picture = 'live'
    }
    picture.close()
  }
}
