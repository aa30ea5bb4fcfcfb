import { streamUrl, viewersOf } from '../api.js'
import { copy } from '../copy.js'
import { find, setText } from '../dom.js'
import { advice } from '../words/details.js'
import { facts } from '../words/facts.js'
import { say } from '../words/language.js'
import { addressesOf, savePicture } from './addresses.js'
import { Card } from './card.js'
import { Plot } from './plot.js'

const RETRY_DELAY_MS = 2_000
/** A new stream appears in /status within this time. */
const SETTLE_MS = 5_000
/** "Copied" is shown for this long. */
const COPIED_MS = 2_000

/**
 * The dialog with one camera's full stream. It holds the only long connection of this page, and ends it when the dialog closes or
 * the tab is hidden.
 */
export class Enlarged {
  #dialog
  #card
  #screen
  #advice
  #facts
  #plot
  #addresses
  #history
  /** @type {HTMLImageElement | null} */
  #stream = null
  #connectedAt = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry
  /** @type {string | null} */
  id = null

  /**
   * @param {HTMLDialogElement} dialog
   * @param {import('./history.js').History} history
   * @param {(verb: import('../api.js').Verb, id: string) => void} press
   * @param {() => void} closed called when the viewer closes it
   */
  constructor (dialog, history, press, closed) {
    this.#dialog = dialog
    this.#history = history
    this.#card = new Card(dialog, verb => { if (this.id !== null) press(verb, this.id) })
    this.#screen = find(dialog, '.screen')
    this.#advice = find(dialog, '.advice')
    this.#facts = find(dialog, '.facts')
    this.#plot = new Plot(find(dialog, '.plot'))
    this.#addresses = new Addresses(find(dialog, '.addresses'))
    find(dialog, '.close').addEventListener('click', () => dialog.close())
    find(dialog, '.save').addEventListener('click', () => { if (this.id !== null) savePicture(this.id, find(dialog, '.name').textContent ?? '') })
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
    this.id = id
    if (id === null) this.#dialog.close()
    else if (!this.#dialog.open) this.#dialog.showModal()
    if (id !== null) this.#addresses.show(id)
    this.connect()
  }

  /** @param {import('./card.js').View} view */
  update (view) {
    const { camera, lost } = view
    this.#card.update(view)
    setText(this.#advice, lost ? '' : advice(camera))
    if (!lost) this.#showFacts(camera)
    if (this.id !== null) this.#plot.update(this.#history.of(this.id), performance.now(), camera.fpsLimit)
    if (this.#isCutOff(view)) this.connect()
    if (this.#stream !== null && camera.width && camera.height) Object.assign(this.#stream, { width: camera.width, height: camera.height })
    if (this.#stream !== null) this.#stream.alt = say('livePicture', { name: camera.name })
  }

  /**
   * Values are replaced in place, so that text which somebody selects stays selected.
   * @param {import('../api.js').Camera} camera
   */
  #showFacts (camera) {
    const rows = facts(camera, { ageMs: undefined, path: '' })
    while (this.#facts.children.length > rows.length) this.#facts.lastElementChild?.remove()
    for (const [i, { name, value }] of rows.entries()) {
      const row = this.#facts.children[i] ?? this.#facts.appendChild(document.createElement('div'))
      if (row.children.length === 0) row.append(document.createElement('dt'), document.createElement('dd'))
      setText(/** @type {Element} */ (row.children[0]), name)
      setText(/** @type {Element} */ (row.children[1]), value)
    }
  }

  /**
   * Whether the stream has ended. Chromium then fires neither load nor error, and the <img> keeps its last picture, but the camera reports
   * no viewers.
   * @param {import('./card.js').View} view
   */
  #isCutOff ({ camera, lost }) {
    return !lost && camera.state === 'running' && viewersOf(camera) === 0 && performance.now() - this.#connectedAt > SETTLE_MS
  }

  /**
   * Opens the stream, or replaces one that may have ended. The address can stay the same because streams are sent with `no-store`; otherwise
   * Chromium would show the ended one again from its cache.
   */
  connect () {
    this.release()
    if (this.id === null || document.hidden) return
    this.#connectedAt = performance.now()
    this.#stream = document.createElement('img')
    this.#stream.addEventListener('error', () => {
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => this.connect(), RETRY_DELAY_MS)
    })
    this.#stream.src = streamUrl(this.id)
    this.#screen.prepend(this.#stream)
  }

  release () {
    clearTimeout(this.#retry)
    if (this.#stream === null) return
    // Chromium keeps streaming into a removed <img> until its src is removed too.
    this.#stream.removeAttribute('src')
    this.#stream.remove()
    this.#stream = null
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
