import { find } from '../dom.js'
import { toggleFullScreen } from './tile-actions.js'

/** So many cameras are found without a filter. */
const MAX_UNFILTERED = 4

/** The viewer's filter, and the buttons for the size of tiles and the full screen. */
export class Tools {
  #text = /** @type {HTMLInputElement} */ (find(document, '#filter-text'))
  #shown = /** @type {HTMLSelectElement} */ (find(document, '#filter-shown'))
  #wall

  /**
   * @param {import('./wall.js').Wall} wall
   * @param {() => void} changed the filter is another
   */
  constructor (wall, changed) {
    this.#wall = wall
    this.#text.addEventListener('input', changed)
    this.#shown.addEventListener('change', changed)
    this.#text.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return
      this.#text.value = ''
      changed()
    })
    find(document, '#smaller').addEventListener('click', () => wall.changeColumns(1))
    find(document, '#larger').addEventListener('click', () => wall.changeColumns(-1))
    find(document, '#fit').addEventListener('click', () => wall.changeColumns(0))
    find(document, '#full').addEventListener('click', () => this.fullScreen())
    find(document, '#full').hidden = !document.fullscreenEnabled
  }

  get filter () {
    return { text: this.#text.value, shown: /** @type {import('./filter.js').Shown} */ (this.#shown.value) }
  }

  /** @param {number} count of the cameras */
  update (count) {
    find(document, '#tools').hidden = count <= MAX_UNFILTERED
    find(document, '#sizes').hidden = count === 0
    for (const [id, isUseful] of /** @type {const} */ ([['#larger', this.#wall.columns > 1], ['#smaller', this.#wall.columns < count]])) {
      /** @type {HTMLButtonElement} */ (find(document, id)).disabled = !isUseful
    }
  }

  find () {
    this.#text.focus()
  }

  fullScreen () {
    void toggleFullScreen(find(document, '#main'))
  }
}
