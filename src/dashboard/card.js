import { Controls } from './controls.js'
import { find, setText } from './dom.js'
import { detailInWords, reason, sinceInWords, sinceOf, stateInWords } from './words.js'

/**
 * @typedef {import('./api.js').Camera} Camera
 * @typedef {import('./api.js').Verb} Verb
 * @typedef {import('./wishes.js').Wish} Wish
 * @typedef {{ camera: Camera, wish: Wish, lost: boolean, now: number }} View
 *   lost: the service does not answer, so that what is known about the camera is old; now: its clock, ms since 1970
 */

/** What a camera's tile and its enlargement have in common: name, state, reason and buttons. */
export class Card {
  #root
  #name
  #state
  #reason
  #address
  #time
  #detail
  #controls
  #lost = false

  /**
   * @param {HTMLElement} root
   * @param {(verb: Verb) => void} press
   */
  constructor (root, press) {
    this.#root = root
    this.#name = find(root, '.name')
    this.#state = find(root, '.state')
    this.#reason = find(root, '.reason')
    this.#address = find(root, '.address')
    this.#time = /** @type {HTMLTimeElement} */ (find(root, '.detail time'))
    this.#detail = find(root, '.detail span')
    this.#controls = new Controls(root, press)
  }

  /** @param {View} view */
  update ({ camera, wish, lost, now }) {
    this.#root.dataset.state = lost ? 'unknown' : camera.state
    this.#root.toggleAttribute('data-trouble', !lost && camera.failure !== null && camera.state !== 'running')
    // One banner says it for all of them: a screen reader must not hear sixty-four tiles come and go with the service.
    this.#state.ariaLive = this.#reason.ariaLive = lost || this.#lost ? 'off' : 'polite'
    this.#lost = lost
    setText(this.#name, camera.name)
    setText(this.#state, lost ? 'Unknown' : stateInWords(camera))
    setText(this.#reason, lost ? 'No word from camgate.' : reason(camera))
    setText(this.#address, camera.address ?? '')
    setText(this.#time, lost ? '' : sinceInWords(camera, now))
    this.#time.dateTime = sinceOf(camera)
    setText(this.#detail, lost ? '' : detailInWords(camera, now))
    this.#controls.update(camera, wish)
  }
}
