import { find, setText } from './dom.js'

/**
 * @typedef {import('./api.js').Camera} Camera
 * @typedef {import('./api.js').Verb} Verb
 * @typedef {import('./wishes.js').Wish} Wish
 */

/** @type {Record<Verb, { rest: string, busy: string, states: string[] }>} */
const BUTTONS = {
  start: { rest: 'Start', busy: 'Starting…', states: ['stopped', 'stopping', 'waiting'] },
  stop: { rest: 'Stop', busy: 'Stopping…', states: ['idle', 'starting', 'running', 'waiting'] },
  restart: { rest: 'Restart', busy: 'Restarting…', states: ['starting', 'running', 'waiting'] }
}

/** Start, Stop and Restart of one camera, in a tile or in the dialog. Each can be pressed only where it would do something. */
export class Controls {
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
   * @param {Wish} wish
   */
  update (camera, wish) {
    this.#group.ariaLabel = camera.name
    const settled = this.#busy !== null && wish.verb === null ? this.#busy : null
    this.#busy = wish.verb
    for (const { button, verb } of this.#buttons) {
      const { rest, busy, states } = BUTTONS[verb]
      button.disabled = wish.verb !== null || !states.includes(camera.state)
      button.ariaBusy = String(wish.verb === verb)
      setText(button, wish.verb === verb ? busy : rest)
    }
    setText(this.#problem, wish.problem)
    if (settled !== null) this.#giveBackFocus(settled)
  }

  /**
   * A button that is disabled loses the keyboard focus to the page: hand it back, here and not at the page's top.
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
