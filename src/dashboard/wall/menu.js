import { find } from '../dom.js'
import { say } from '../words/language.js'

/**
 * @typedef {{ key: import('../words/language.js').Key, run: () => unknown, isOff?: boolean }} Item
 */

const MARGIN = 8

/** The menu of a tile. There is one for all tiles. */
export class Menu {
  #element
  /** @type {HTMLElement | null} */
  #opener = null

  /** @param {HTMLElement} element a popover */
  constructor (element) {
    this.#element = element
    element.addEventListener('keydown', event => this.#keyDown(event))
    element.addEventListener('focusout', event => {
      if (event.relatedTarget !== null && !element.contains(/** @type {Node} */ (event.relatedTarget))) element.hidePopover()
    })
    element.addEventListener('toggle', event => {
      if (/** @type {ToggleEvent} */ (event).newState === 'open') return
      this.#opener?.setAttribute('aria-expanded', 'false')
      if (document.activeElement === document.body || element.contains(document.activeElement)) this.#opener?.focus()
    })
  }

  /**
   * @param {HTMLElement} opener
   * @param {string} name
   * @param {readonly Item[]} items
   */
  open (opener, name, items) {
    this.#opener = opener
    this.#element.ariaLabel = name
    this.#element.replaceChildren(...items.filter(({ isOff }) => !isOff).map(({ key, run }) => {
      const button = document.createElement('button')
      Object.assign(button, { type: 'button', tabIndex: -1, textContent: say(key) })
      button.setAttribute('role', 'menuitem')
      button.addEventListener('click', () => {
        this.#element.hidePopover()
        void run()
      })
      return button
    }))
    this.#element.showPopover()
    opener.setAttribute('aria-expanded', 'true')
    const { bottom, right, top } = opener.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this.#element
    const y = bottom + height + MARGIN < window.innerHeight ? bottom + 4 : Math.max(MARGIN, top - height - 4)
    const x = Math.min(Math.max(MARGIN, right - width), window.innerWidth - width - MARGIN)
    Object.assign(this.#element.style, { left: `${x}px`, top: `${y}px` })
    find(this.#element, 'button').focus()
  }

  /** @param {KeyboardEvent} event */
  #keyDown (event) {
    const buttons = /** @type {HTMLElement[]} */ ([...this.#element.children])
    const here = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement))
    const { length } = buttons
    const to = { ArrowDown: (here + 1) % length, ArrowUp: (here - 1 + length) % length, Home: 0, End: length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    buttons[to]?.focus()
  }
}
