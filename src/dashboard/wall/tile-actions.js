import { addressesOf, savePicture } from '../enlarged/addresses.js'
import { copy } from '../copy.js'
import { find } from '../dom.js'
import { say } from '../words/language.js'

/** @typedef {import('./tile.js').Tile} Tile */

/** What the viewer can do with a tile, by its menu or by a key. */
export class TileActions {
  #wall
  #menu
  #toast
  #editing

  /**
   * @param {import('./wall.js').Wall} wall
   * @param {import('./menu.js').Menu} menu
   * @param {(text: string) => void} toast shows a message for a short time
   * @param {{ mayEdit: () => boolean, edit: (id: string) => unknown, remove: (id: string) => unknown }} editing
   */
  constructor (wall, menu, toast, editing) {
    this.#wall = wall
    this.#menu = menu
    this.#toast = toast
    this.#editing = editing
  }

  /** @param {Tile} tile */
  openMenu (tile) {
    const { element, id } = tile
    const { img, element: custom, stream, snapshot } = addressesOf(id, document.baseURI)
    const shown = this.#wall.shown
    const place = shown.indexOf(tile)
    const isLarge = this.#wall.isLarge(tile)
    /** @param {string} text */
    const copying = text => () => copy(text).then(() => this.#toast(say('copied')), () => {})
    this.#menu.open(find(element, '.more'), say('more', { name: nameOf(tile) }), [
      { key: 'fullScreen', run: () => this.fullScreen(tile), isOff: !document.fullscreenEnabled },
      { key: 'savePicture', run: () => this.save(tile) },
      { key: 'copyImg', run: copying(img) },
      { key: 'copyElement', run: copying(custom) },
      { key: 'copyStream', run: copying(stream) },
      { key: 'copySnapshot', run: copying(snapshot) },
      { key: 'larger', run: () => this.#wall.enlarge(tile, true), isOff: isLarge || shown.length === 1 },
      { key: 'smaller', run: () => this.#wall.enlarge(tile, false), isOff: !isLarge },
      { key: 'moveEarlier', run: () => this.#wall.move(tile, -1), isOff: place === 0 },
      { key: 'moveLater', run: () => this.#wall.move(tile, 1), isOff: place === shown.length - 1 },
      { key: 'editCamera', run: () => this.#editing.edit(id), isOff: !this.#editing.mayEdit() },
      { key: 'removeCamera', run: () => this.#editing.remove(id), isOff: !this.#editing.mayEdit() }
    ])
  }

  /** @param {Tile} tile */
  fullScreen ({ element }) {
    void toggleFullScreen(find(element, '.screen'))
  }

  /** @param {Tile} tile */
  save (tile) {
    savePicture(tile.id, nameOf(tile))
  }
}

/** @param {Element} element */
export async function toggleFullScreen (element) {
  if (document.fullscreenElement !== null) await document.exitFullscreen()
  else await element.requestFullscreen().catch(() => {}) // the browser may forbid it, in a frame for example
}

/** @param {Tile} tile */
const nameOf = ({ element }) => find(element, '.name').textContent ?? ''
