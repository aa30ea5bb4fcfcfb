import { find, setText } from './dom.js'
import { detailInWords, failureOf, reason, shownState, sinceInWords, sinceOf, stateInWords } from './words.js'

/**
 * @typedef {import('./api.js').Camera} Camera
 * @typedef {import('./api.js').Verb} Verb
 * @typedef {import('./commands.js').Command} Command
 * @typedef {{ camera: Camera, command: Command, lost: boolean, now: number }} View
 *   lost: the service does not answer, so the camera's status is old; now: the service's time, ms since 1970
 */

/** `states`: of the camera, or of what viewers see. @type {Record<Verb, { rest: string, busy: string, states: ReturnType<typeof shownState>[] }>} */
const BUTTONS = {
  start: { rest: 'Start', busy: 'Starting…', states: ['stopped', 'stopping', 'waiting'] },
  stop: { rest: 'Stop', busy: 'Stopping…', states: ['idle', 'starting', 'running', 'waiting'] },
  restart: { rest: 'Restart', busy: 'Restarting…', states: ['starting', 'running', 'waiting'] }
}

/** The parts that a camera's tile and its enlarged view share: name, state, reason and buttons. */
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
  update ({ camera, command, lost, now }) {
    this.#root.dataset.state = lost ? 'unknown' : shownState(camera)
    this.#root.toggleAttribute('data-failing', !lost && failureOf(camera) !== null)
    // While the service is lost, only the banner is announced: a screen reader must not read out sixty-four tiles.
    this.#state.ariaLive = this.#reason.ariaLive = lost || this.#lost ? 'off' : 'polite'
    this.#lost = lost
    setText(this.#name, camera.name)
    setText(this.#state, lost ? 'Unknown' : stateInWords(camera))
    setText(this.#reason, lost ? 'No word from camgate.' : reason(camera))
    setText(this.#address, camera.address)
    setText(this.#time, lost ? '' : sinceInWords(camera, now))
    this.#time.dateTime = sinceOf(camera)
    setText(this.#detail, lost ? '' : detailInWords(camera, now))
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
    this.#buttons = [...this.#group.querySelectorAll('button')].map(button => ({ button, verb: /** @type {Verb} */ (button.dataset.verb) }))
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
    for (const { button, verb } of this.#buttons) {
      const { rest, busy, states } = BUTTONS[verb]
      button.disabled = command.verb !== null || !(states.includes(camera.state) || states.includes(shownState(camera)))
      button.ariaBusy = String(command.verb === verb)
      setText(button, command.verb === verb ? busy : rest)
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
