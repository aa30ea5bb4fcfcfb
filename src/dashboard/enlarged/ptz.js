import { askPtz, fetchPtz, whyItFailed } from '../api.js'
import { browserClock } from '../clock.js'
import { find, setText } from '../dom.js'
import { hasSingleKeys } from '../keyboard.js'
import { HeldMotion } from './held-motion.js'

/** @typedef {import('./held-motion.js').Velocity} Velocity */

/** How long a click moves the camera. Screen readers and voice control click; they cannot hold a button. */
const NUDGE_MS = 300
const TIMEOUT_MS = 10_000

/** With Shift, because arrows alone go to the next camera. @type {Readonly<Record<string, Velocity>>} */
const SHIFTED_KEYS = {
  ArrowUp: { pan: 0, tilt: 1, zoom: 0 },
  ArrowDown: { pan: 0, tilt: -1, zoom: 0 },
  ArrowLeft: { pan: -1, tilt: 0, zoom: 0 },
  ArrowRight: { pan: 1, tilt: 0, zoom: 0 }
}
/** @type {Readonly<Record<string, Velocity>>} */
const SINGLE_KEYS = { '+': { pan: 0, tilt: 0, zoom: 1 }, '-': { pan: 0, tilt: 0, zoom: -1 } }

/** The controls that move the enlarged camera, shown if it can move and the viewer may move it. */
export class Ptz {
  #root
  #problem
  #presets
  #motion
  /** @type {string | null} */
  #id = null
  /** The id of the camera that was asked what it can do. */
  #asked = ''

  /**
   * @param {HTMLDialogElement} dialog
   * @param {import('../clock.js').Clock} [clock]
   */
  constructor (dialog, clock = browserClock) {
    this.#root = find(dialog, '.ptz')
    this.#problem = find(this.#root, '.problem')
    this.#presets = /** @type {HTMLSelectElement} */ (find(this.#root, 'select'))
    const failed = (/** @type {unknown} */ thrown) => setText(this.#problem, whyItFailed(thrown))
    this.#motion = new HeldMotion(async command => {
      setText(this.#problem, '')
      if (this.#id !== null) await askPtz(this.#id, command, AbortSignal.timeout(TIMEOUT_MS))
    }, failed, clock)
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (this.#root.querySelectorAll('[data-move]'))) this.#hold(button, clock)
    const goTo = (/** @type {import('./held-motion.js').PtzCommand} */ place) => {
      setText(this.#problem, '')
      if (this.#id !== null) askPtz(this.#id, place, AbortSignal.timeout(TIMEOUT_MS)).catch(failed)
    }
    find(this.#root, '.home').addEventListener('click', () => goTo({ home: true }))
    find(this.#root, '.go').addEventListener('click', () => goTo({ preset: this.#presets.value }))
    dialog.addEventListener('keydown', event => this.#onKey(event))
    const release = () => this.#motion.releaseAll()
    document.addEventListener('keyup', ({ key }) => {
      this.#motion.release(key)
      if (key === 'Shift') release()
    })
    document.addEventListener('visibilitychange', () => { if (document.hidden) release() })
    for (const end of ['blur', 'pagehide']) window.addEventListener(end, release)
    dialog.addEventListener('close', release)
  }

  /** @param {string | null} id */
  show (id) {
    this.#motion.releaseAll()
    this.#id = id
    this.#asked = ''
    this.#root.hidden = true
    setText(this.#problem, '')
  }

  /** @param {import('./card.js').View} view */
  update ({ camera, lost }) {
    const isThere = camera.ptz !== null && camera.state === 'running' && !lost && document.body.dataset.right !== 'view'
    if (!isThere) {
      this.#motion.releaseAll()
      this.#root.hidden = true
      this.#asked = ''
    } else if (this.#id !== null && this.#asked !== this.#id) void this.#ask(this.#id)
  }

  /** @param {string} id */
  async #ask (id) {
    this.#asked = id
    const description = await fetchPtz(id, AbortSignal.timeout(TIMEOUT_MS)).catch(() => null) // the log of camgate says why
    if (this.#asked !== id || description === null) return
    this.#root.hidden = !description.ptz
    this.#presets.replaceChildren(...description.presets.map(({ token, name }) => new window.Option(name || token, token)))
    find(this.#root, '.presets').hidden = description.presets.length === 0
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {import('../clock.js').Clock} clock
   */
  #hold (button, clock) {
    const [pan = 0, tilt = 0, zoom = 0] = (button.dataset.move ?? '').split(' ').map(Number)
    const by = `button ${button.dataset.move}`
    const hold = () => this.#motion.hold(by, { pan, tilt, zoom })
    const release = () => this.#motion.release(by)
    button.addEventListener('pointerdown', ({ button: pressed, pointerId }) => {
      if (pressed !== 0) return
      button.setPointerCapture(pointerId)
      hold()
    })
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture', 'keyup', 'blur']) button.addEventListener(end, release)
    button.addEventListener('contextmenu', event => event.preventDefault()) // a long touch
    button.addEventListener('keydown', event => {
      if (event.key !== ' ' && event.key !== 'Enter') return
      event.preventDefault() // no click follows
      hold()
    })
    button.addEventListener('click', ({ detail }) => {
      if (detail !== 0) return
      hold()
      clock.after(NUDGE_MS, release)
    })
  }

  /** @param {KeyboardEvent} event */
  #onKey (event) {
    const { key, shiftKey, target } = event
    if (this.#root.hidden || event.ctrlKey || event.metaKey || event.altKey || (target instanceof window.HTMLElement && target.closest('select, input'))) return
    const velocity = (shiftKey ? SHIFTED_KEYS[key] : undefined) ?? (hasSingleKeys() ? SINGLE_KEYS[key] : undefined)
    if (velocity === undefined) return
    event.preventDefault()
    this.#motion.hold(key, velocity)
  }
}
