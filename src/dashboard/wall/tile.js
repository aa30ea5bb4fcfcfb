import { viewersOf } from '../api.js'
import { Card } from '../enlarged/card.js'
import { find, setText } from '../dom.js'
import { reason } from '../words/camera.js'
import { say } from '../words/language.js'
import { duration } from '../words/quantities.js'
import { SnapshotPicture } from './snapshot-picture.js'

const OLD_MS = 5_000

/** One camera of the wall. */
export class Tile {
  #card
  #link
  #menu
  #picture
  #age
  #isLive = false

  /**
   * @param {string} id
   * @param {HTMLTemplateElement} template
   * @param {(verb: import('../api.js').Verb) => void} press
   */
  constructor (id, template, press) {
    this.id = id
    this.element = find(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), '.tile')
    this.element.dataset.id = id
    this.#card = new Card(this.element, press)
    this.#link = /** @type {HTMLAnchorElement} */ (find(this.element, '.picture'))
    this.#link.href = new URL(`#camera/${id}`, window.location.href).href // not relative to base.js's base
    this.#link.draggable = false // the tile is
    this.#menu = find(this.element, '.more')
    this.#picture = new SnapshotPicture(this.#link)
    this.#age = find(this.element, '.age')
    /** Whether the tile is on the screen, or nearly so. */
    this.inView = false
    /** Whether the camera has been idle, which means that it starts on demand. */
    this.onDemand = false
  }

  /** @param {import('../enlarged/card.js').View} view */
  update (view) {
    const { camera, lost } = view
    this.#card.update(view)
    if (camera.state === 'idle') this.onDemand = true
    this.#link.ariaLabel = say('enlarge', { name: camera.name })
    this.#menu.ariaLabel = say('more', { name: camera.name })
    const age = performance.now() - this.#picture.drawnAt
    this.#isLive = !lost && camera.state === 'running' && reason(camera) === ''
    const old = this.#isLive && age > OLD_MS
    setText(this.#age, old ? say('old', { time: duration(age) }) : '')
    this.element.dataset.picture = Number.isNaN(this.#picture.drawnAt) ? 'none' : this.#isLive && !old ? 'live' : 'old'
  }

  focus () {
    this.#link.focus({ preventScroll: false })
  }

  /**
   * Whether to fetch pictures for it. While a tile can be seen, it is a viewer like any other, so its camera is decoded, even if the page is open for
   * weeks on a wall: that is what it is there for. But tiles neither wake an on-demand camera nor keep it awake: it may be idle to save a battery or a
   * data plan.
   * @param {import('../enlarged/card.js').View} view
   */
  wantsPicture ({ camera, lost }) {
    return this.inView && !lost && camera.state === 'running' && (!this.onDemand || viewersOf(camera) > 0)
  }

  /**
   * @param {Blob} jpeg
   * @param {AbortSignal} signal
   */
  async draw (jpeg, signal) {
    await this.#picture.draw(jpeg, signal)
    if (this.#isLive && !signal.aborted) this.element.dataset.picture = 'live'
  }
}
