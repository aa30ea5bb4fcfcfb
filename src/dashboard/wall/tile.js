import { streamsOf } from '../api.js'
import { Card } from '../enlarged/card.js'
import { find, setText } from '../dom.js'
import { isStale, reason, seenHere } from '../words/camera.js'
import { say } from '../words/language.js'
import { duration } from '../words/quantities.js'
import { isKiosk } from './kiosk.js'
import { canPlay, LivePicture } from './live-picture.js'
import { SnapshotPicture } from './snapshot-picture.js'

const OLD_MS = 5_000

/** One camera of the wall. */
export class Tile {
  #card
  #link
  #menu
  #snapshots
  /** @type {LivePicture | null} */
  #live = null
  #age
  #isLive = false
  /** @type {import('../enlarged/card.js').View | null} */
  #view = null

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
    if (!isKiosk) this.#link.href = new URL(`#camera/${id}`, window.location.href).href // not relative to base.js's base
    this.element.draggable = !isKiosk
    this.#link.draggable = false // the tile is
    this.#menu = find(this.element, '.more')
    this.#snapshots = new SnapshotPicture(this.#link)
    this.#age = find(this.element, '.age')
    /** Whether the tile is on the screen, or nearly so. */
    this.inView = false
  }

  /** @param {import('../enlarged/card.js').View} view */
  update (view) {
    const { camera, lost } = this.#view = view
    this.#play(view)
    this.#card.update(this.#live?.shown(camera) === 'live' ? { ...view, camera: seenHere(camera) } : view, this.#live?.trouble(camera))
    if (!isKiosk) this.#link.ariaLabel = say('enlarge', { name: camera.name })
    this.#menu.ariaLabel = say('more', { name: camera.name })
    this.#live?.shape(camera)
    this.#isLive = !lost && camera.state === 'running' && reason(camera) === ''
    const age = this.#live?.playback.ageMs ?? performance.now() - this.#snapshots.drawnAt
    const old = this.#isLive && (this.#live === null ? age > OLD_MS : isStale(camera, age))
    setText(this.#age, old ? say('old', { time: duration(age) }) : '')
    const shown = this.#live?.shown(camera) ?? (Number.isNaN(this.#snapshots.drawnAt) ? 'none' : 'live')
    this.element.dataset.picture = shown === 'live' && (old || !this.#isLive) ? 'old' : shown
  }

  /**
   * Plays the camera while the tile is in view, unless that would keep a camera awake that shall sleep.
   * @param {import('../enlarged/card.js').View} view
   */
  #play ({ camera }) {
    const isWanted = this.inView && !camera.onDemand && canPlay()
    if (isWanted) this.#live ??= new LivePicture(this.#link, this.id)
    else if (this.#live !== null) {
      this.#live.remove()
      this.#live = null
    }
  }

  /** Its picture has come or gone. */
  refresh () {
    if (this.#view !== null) this.update(this.#view)
  }

  focus () {
    this.#link.focus({ preventScroll: false })
  }

  /**
   * Whether to fetch snapshots for it, because nothing plays. Tiles neither wake an on-demand camera nor keep it awake: it may be idle to save a
   * battery or a data plan.
   * @param {import('../enlarged/card.js').View} view
   */
  wantsPicture ({ camera, lost }) {
    return this.inView && !lost && this.#live === null && camera.state === 'running' && (!camera.onDemand || streamsOf(camera) > 0)
  }

  /**
   * @param {Blob} jpeg
   * @param {AbortSignal} signal
   */
  async draw (jpeg, signal) {
    await this.#snapshots.draw(jpeg, signal)
    if (this.#isLive && !signal.aborted) this.element.dataset.picture = 'live'
  }
}
