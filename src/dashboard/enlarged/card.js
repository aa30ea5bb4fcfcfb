import { isBlack } from '../diagnosis/diagnosis.js'
import { find, setText } from '../dom.js'
import { failureOf, reason, shownState, stateInWords, whyNotLive } from '../words/camera.js'
import { detailInWords, sinceInWords, sinceOf } from '../words/details.js'
import { say } from '../words/language.js'

/**
 * @typedef {import('../api.js').Camera} Camera
 * @typedef {import('../api.js').Verb} Verb
 * @typedef {import('../commands.js').Command} Command
 * @typedef {{ camera: Camera, command: Command, lost: boolean, now: number }} View
 *   lost: the service does not answer, so the camera's status is old; now: the service's time, ms since 1970
 */

/** `states`: of the camera, or of what viewers see. @type {Record<Verb, readonly ReturnType<typeof shownState>[]>} */
const USEFUL_IN = {
  start: ['stopped', 'stopping', 'waiting'],
  stop: ['idle', 'starting', 'running', 'waiting'],
  restart: ['starting', 'running', 'waiting']
}

/** The parts that a camera's tile and its enlarged view share: name, state, reason and buttons. */
export class Card {
  #root
  #name
  #state
  #simulated
  #reason
  #address
  #time
  #detail
  #why
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
    this.#simulated = find(root, '.simulated')
    this.#reason = find(root, '.reason')
    this.#address = find(root, '.address')
    this.#time = /** @type {HTMLTimeElement} */ (find(root, '.detail time'))
    this.#detail = find(root, '.detail span')
    this.#why = find(root, '.why')
    this.#controls = new Controls(root, press)
  }

  /**
   * @param {View} view
   * @param {string} [trouble] of its picture here, which camgate does not know of
   */
  update ({ camera, command, lost, now }, trouble) {
    this.#root.dataset.state = lost ? 'unknown' : shownState(camera)
    this.#root.toggleAttribute('data-failing', !lost && failureOf(camera) !== null)
    // While the service is lost, only the banner is announced: a screen reader must not read out sixty-four tiles.
    this.#state.ariaLive = this.#reason.ariaLive = lost || this.#lost ? 'off' : 'polite'
    this.#lost = lost
    setText(this.#name, camera.name)
    if (this.#name.title !== camera.name) this.#name.title = camera.name
    setText(this.#state, lost ? say('unknown') : stateInWords(camera))
    setText(this.#simulated, camera.simulated ? say('simulated') : '')
    setText(this.#reason, lost ? say('whyNoWord') : reason(camera) || whyNotLive(camera, trouble))
    setText(this.#address, camera.address)
    setText(this.#time, lost ? '' : sinceInWords(camera, now))
    this.#time.dateTime = sinceOf(camera)
    setText(this.#detail, lost ? '' : detailInWords(camera, now))
    this.#why.hidden = !isBlack(camera, lost)
    this.#controls.update(camera, command)
  }
}

/** The Start, Stop and Restart buttons of one camera. A button is enabled only if it would do something. */
class Controls {
  #group
  #problem
  #buttons
  /** @type {Verb | null} */
  #busy = null
  #hadFocus = false

  /**
   * @param {ParentNode} root
   * @param {(verb: Verb) => void} press
   */
  constructor (root, press) {
    this.#group = find(root, '.controls')
    this.#problem = find(root, '.problem')
    this.#buttons = Array.from(/** @type {NodeListOf<HTMLButtonElement>} */ (this.#group.querySelectorAll('button[data-verb]')))
      .map(button => ({ button, label: find(button, 'span'), verb: /** @type {Verb} */ (button.dataset.verb) }))
    for (const { button, verb } of this.#buttons) {
      button.addEventListener('click', () => {
        this.#hadFocus = document.activeElement === button
        press(verb)
      })
    }
  }

  /**
   * @param {Camera} camera
   * @param {Command} command
   */
  update (camera, command) {
    this.#group.ariaLabel = camera.name
    const settled = this.#busy !== null && command.verb === null ? this.#busy : null
    this.#busy = command.verb
    for (const { button, label, verb } of this.#buttons) {
      button.disabled = command.verb !== null || !(USEFUL_IN[verb].includes(camera.state) || USEFUL_IN[verb].includes(shownState(camera)))
      button.ariaBusy = String(command.verb === verb)
      const words = command.verb === verb ? say(`${verb}Busy`) : say(verb === 'start' && shownState(camera) === 'waiting' ? 'retryNow' : verb)
      setText(label, words)
      if (button.title !== words) button.title = words
    }
    setText(this.#problem, command.problem)
    if (settled !== null) this.#giveBackFocus(settled)
  }

  /**
   * A button that becomes disabled loses the keyboard focus to the top of the page: move it to the pressed button, or to its neighbour.
   * @param {Verb} verb
   */
  #giveBackFocus (verb) {
    if (!this.#hadFocus || document.activeElement !== document.body) return
    const buttons = this.#buttons.map(({ button }) => button)
    const pressed = this.#buttons.find(entry => entry.verb === verb)?.button
    const next = pressed?.disabled ? buttons.find(button => !button.disabled) : pressed
    next?.focus({ preventScroll: true })
  }
}
