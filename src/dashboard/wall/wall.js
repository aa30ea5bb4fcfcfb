import { find, setText } from '../dom.js'
import { say } from '../words/language.js'
import { layOut } from './layout.js'
import { Tile } from './tile.js'

/**
 * @typedef {object} Calls
 * @property {(verb: import('../api.js').Verb, id: string) => void} press
 * @property {() => void} seen other tiles can be seen now
 * @property {(id: string) => void} removed
 */

/** Moves or inserts a node without resetting it, where the browser can. @type {(list: Element, node: Element, before: Element | null) => void} */
const place = (list, node, before) => {
  if (node.isConnected && 'moveBefore' in list) /** @type {any} */ (list).moveBefore(node, before)
  else list.insertBefore(node, before)
}

/** @param {Element} element */
function isOnScreen (element) {
  const { top, bottom, height } = element.getBoundingClientRect()
  return height > 0 && bottom > 0 && top < window.innerHeight
}

/** The line below the wall. */
const FOOT_REM = 3

/** The tiles of all cameras: their order, their sizes, and which of them are shown. */
export class Wall {
  /** @type {Map<string, Tile>} */
  tiles = new Map()
  #list
  #template
  #arrangement
  #calls
  #said
  /** @type {readonly string[]} */
  #order = []
  #isBare = false
  #top = 0
  #inView

  /**
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} template
   * @param {import('./arrangement.js').Arrangement} arrangement
   * @param {Calls} calls
   */
  constructor (list, template, arrangement, calls) {
    this.#list = list
    this.#template = template
    this.#arrangement = arrangement
    this.#calls = calls
    this.#said = find(document, '#said')
    this.#inView = new window.IntersectionObserver(entries => {
      if (document.querySelector('#enlarged[open]') !== null) return // wall.css lets the tiles rest
      for (const { target, isIntersecting } of entries) {
        const tile = this.tileOf(target)
        if (tile !== undefined) tile.inView = isIntersecting
      }
      calls.seen()
    }, { rootMargin: '100px' })
    this.#acceptDrops()
    list.addEventListener('camgate-state', ({ target }) => this.tileOf(target)?.refresh())
    window.addEventListener('resize', () => this.fit())
    document.addEventListener('fullscreenchange', () => this.fit())
  }

  get columns () { return Number(this.#list.dataset.columns) }

  /** The tile that contains an element. @param {unknown} element */
  tileOf (element) {
    const tile = element instanceof window.Element ? element.closest('.tile') : null
    return this.tiles.get(/** @type {HTMLElement | null} */ (tile)?.dataset.id ?? '')
  }

  /** The tiles that the filter lets through, in order. */
  get shown () { return this.#order.flatMap(id => this.tiles.get(id) ?? []).filter(({ element }) => !element.hidden) }

  /**
   * Shows a tile for each of these cameras.
   * @param {readonly string[]} ids in camgate's order
   * @param {(id: string) => boolean} isShown
   * @param {boolean} isBare pictures only
   */
  show (ids, isShown, isBare) {
    const order = this.#arrangement.sort(ids)
    for (const id of this.tiles.keys()) if (!ids.includes(id)) this.#remove(id)
    /** @type {Tile[]} */
    const added = []
    let changed = isBare !== this.#isBare || this.#list.offsetTop !== this.#top || order.join() !== this.#order.join()
    this.#isBare = isBare
    this.#order = order
    for (const [i, id] of order.entries()) {
      const known = this.tiles.get(id)
      const tile = known ?? this.#add(id)
      if (known === undefined) added.push(tile)
      const hidden = !isShown(id)
      if (tile.element.hidden !== hidden) {
        tile.element.hidden = hidden
        changed = true
      }
      if (this.#list.children[i] !== tile.element) place(this.#list, tile.element, this.#list.children[i] ?? null)
    }
    if (changed) this.fit()
    for (const tile of added) tile.inView = isOnScreen(tile.element) // a busy browser tells the observer several pictures later
  }

  /** Computes the grid anew. */
  fit () {
    const shown = this.shown
    this.#top = this.#list.offsetTop
    const isWholeScreen = this.#isBare || document.fullscreenElement?.contains(this.#list) === true
    const style = window.getComputedStyle(document.documentElement)
    const rem = parseFloat(style.fontSize)
    const { columns, tileWidth, rowHeight, dense } = layOut({
      spans: shown.map(({ id }) => this.#arrangement.span(id)),
      width: this.#list.clientWidth,
      height: window.innerHeight - (isWholeScreen ? 0 : this.#top + FOOT_REM * rem),
      rem,
      columns: isWholeScreen ? null : this.#arrangement.columns,
      bare: isWholeScreen
    })
    Object.assign(this.#list.dataset, { columns, dense })
    this.#list.toggleAttribute('data-bare', isWholeScreen)
    for (const [name, value] of Object.entries({ '--columns': columns, '--tile': `${tileWidth}px`, '--row': `${rowHeight}px` })) this.#list.style.setProperty(name, String(value))
    for (const { id, element } of shown) element.style.setProperty('--span', String(Math.min(columns, this.#arrangement.span(id))))
  }

  /**
   * Moves a camera by so many places, and tells screen readers where it is now.
   * @param {Tile} tile
   * @param {number} by
   */
  move (tile, by) {
    const shown = this.shown
    this.#moveTo(tile, shown[shown.indexOf(tile) + by])
    tile.focus()
    setText(this.#said, say('movedTo', { name: find(tile.element, '.name').textContent, place: this.shown.indexOf(tile) + 1, count: shown.length }))
  }

  /** @param {Tile} tile */
  isLarge ({ id }) {
    return this.#arrangement.span(id) > 1
  }

  /**
   * @param {Tile} tile
   * @param {boolean} isLarge
   */
  enlarge ({ id }, isLarge) {
    this.#arrangement.enlarge(id, isLarge)
    this.fit()
  }

  /** @param {-1 | 0 | 1} by 0 fits the screen */
  changeColumns (by) {
    this.#arrangement.columns = by === 0 ? null : this.columns + by
    this.fit()
  }

  clear () {
    for (const id of this.tiles.keys()) this.#remove(id)
    this.#order = []
  }

  /** @param {string} id */
  #add (id) {
    const tile = new Tile(id, this.#template, verb => this.#calls.press(verb, id))
    this.tiles.set(id, tile)
    this.#inView.observe(tile.element)
    return tile
  }

  /** @param {string} id */
  #remove (id) {
    const tile = this.tiles.get(id)
    if (tile === undefined) return
    this.#inView.unobserve(tile.element)
    tile.element.remove()
    this.tiles.delete(id)
    this.#calls.removed(id)
  }

  /**
   * @param {Tile} tile
   * @param {Tile | undefined} target
   */
  #moveTo (tile, target) {
    this.#arrangement.move(this.#order, tile.id, target?.id)
    this.show(this.#order, id => !this.tiles.get(id)?.element.hidden, this.#isBare)
  }

  #acceptDrops () {
    /** @type {Tile | undefined} */
    let dragged
    this.#list.addEventListener('dragstart', event => {
      dragged = this.tileOf(event.target)
      event.dataTransfer?.setData('text/plain', '') // Firefox drags nothing without data
      dragged?.element.toggleAttribute('data-dragged', true)
    })
    this.#list.addEventListener('dragover', event => {
      if (dragged === undefined) return
      event.preventDefault()
      const target = this.tileOf(event.target)
      if (target !== undefined && target !== dragged) this.#moveTo(dragged, target)
    })
    this.#list.addEventListener('drop', event => event.preventDefault())
    this.#list.addEventListener('dragend', () => {
      dragged?.element.removeAttribute('data-dragged')
      dragged = undefined
    })
  }
}
