import { copy } from '../copy.js'
import { find, setText } from '../dom.js'
import { canPlay, LivePicture } from '../wall/live-picture.js'
import { seenHere } from '../words/camera.js'
import { advice } from '../words/details.js'
import { facts } from '../words/facts.js'
import { say } from '../words/language.js'
import { addressesOf, savePicture } from './addresses.js'
import { Card } from './card.js'
import { Plot } from './plot.js'
import { Ptz } from './ptz.js'
import { Stream } from './stream.js'

/** "Copied" is shown for this long. */
const COPIED_MS = 2_000

/**
 * The dialog with one camera's picture in full size, which ends when the dialog closes or the tab is hidden.
 */
export class Enlarged {
  #dialog
  #card
  #screen
  #advice
  #facts
  #plot
  #ptz
  #addresses
  #history
  /** @type {LivePicture | null} */
  #live = null
  /** @type {Stream | null} */
  #stream = null
  /** @type {string | null} */
  id = null

  /**
   * @param {HTMLDialogElement} dialog
   * @param {import('./history.js').History} history
   * @param {(verb: import('../api.js').Verb, id: string) => void} press
   * @param {() => void} closed called when the viewer closes it
   * @param {{ edit: (id: string) => unknown, remove: (id: string) => unknown }} editing
   */
  constructor (dialog, history, press, closed, editing) {
    this.#dialog = dialog
    this.#history = history
    this.#card = new Card(dialog, verb => { if (this.id !== null) press(verb, this.id) })
    this.#screen = find(dialog, '.screen')
    this.#advice = find(dialog, '.advice')
    this.#facts = find(dialog, '.facts')
    this.#plot = new Plot(find(dialog, '.plot'))
    this.#ptz = new Ptz(dialog)
    this.#addresses = new Addresses(find(dialog, '.addresses'))
    find(dialog, '.close').addEventListener('click', () => dialog.close())
    find(dialog, '.save').addEventListener('click', () => { if (this.id !== null) savePicture(this.id, find(dialog, '.name').textContent ?? '') })
    for (const name of /** @type {const} */ (['edit', 'remove'])) find(dialog, `.${name}`).addEventListener('click', () => { if (this.id !== null) editing[name](this.id) })
    dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close() })
    dialog.addEventListener('close', () => {
      if (this.id === null || dialog.open) return
      this.show(null)
      closed()
    })
  }

  /** @param {string | null} id */
  show (id) {
    if (id === this.id) return
    this.release()
    this.#ptz.show(id)
    this.id = id
    if (id === null) this.#dialog.close()
    else if (!this.#dialog.open) this.#dialog.showModal()
    if (id !== null) this.#addresses.show(id)
    this.connect()
  }

  /** @param {import('./card.js').View} view */
  update (view) {
    const { lost } = view
    const camera = this.#live?.shown(view.camera) === 'live' ? seenHere(view.camera) : view.camera
    this.#card.update({ ...view, camera }, this.#live?.trouble(camera))
    setText(this.#advice, lost ? '' : advice(camera))
    if (!lost) this.#showFacts(facts(camera, this.#live?.playback))
    if (this.id !== null) this.#plot.update(this.#history.of(this.id), performance.now(), camera.fpsLimit)
    this.#live?.shape(camera)
    this.#stream?.update(view)
    this.#ptz.update(view)
  }

  /**
   * Values are replaced in place, so that text which somebody selects stays selected.
   * @param {{ name: string, value: string }[]} rows
   */
  #showFacts (rows) {
    while (this.#facts.children.length > rows.length) this.#facts.lastElementChild?.remove()
    for (const [i, { name, value }] of rows.entries()) {
      const row = this.#facts.children[i] ?? this.#facts.appendChild(document.createElement('div'))
      if (row.children.length === 0) row.append(document.createElement('dt'), document.createElement('dd'))
      setText(/** @type {Element} */ (row.children[0]), name)
      setText(/** @type {Element} */ (row.children[1]), value)
    }
  }

  /** Shows the picture, or shows it anew because it may have ended. */
  connect () {
    this.release()
    if (this.id === null || document.hidden) return
    if (canPlay()) this.#live = new LivePicture(this.#screen, this.id)
    else this.#stream = new Stream(this.#screen, this.id)
  }

  release () {
    this.#live?.remove()
    this.#stream?.remove()
    this.#live = this.#stream = null
  }
}

/** The addresses of one camera's picture, for embedding elsewhere. */
class Addresses {
  #rows

  /** @param {HTMLElement} root */
  constructor (root) {
    this.#rows = Array.from(/** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-of]'))).map(row => ({
      of: /** @type {keyof ReturnType<typeof addressesOf>} */ (row.dataset.of),
      text: find(row, 'code, a'),
      button: find(row, 'button')
    }))
    root.addEventListener('toggle', () => root.scrollIntoView({ block: 'nearest' }))
    for (const { text, button } of this.#rows) {
      button.addEventListener('click', async () => {
        await copy(text.textContent ?? '')
        setText(button, say('copied'))
        setTimeout(() => setText(button, say('copy')), COPIED_MS)
      })
    }
  }

  /** @param {string} id */
  show (id) {
    const addresses = addressesOf(id, document.baseURI)
    for (const { of, text } of this.#rows) {
      setText(text, addresses[of])
      if (text instanceof window.HTMLAnchorElement) text.href = addresses[of]
    }
  }
}
