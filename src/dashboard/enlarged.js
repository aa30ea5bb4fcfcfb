import { Addresses } from './addresses.js'
import { streamUrl, viewersOf } from './api.js'
import { Card } from './card.js'
import { find, setText } from './dom.js'
import { advice } from './words.js'

const RETRY_MS = 2_000
const SETTLE_MS = 5_000

/**
 * The dialog with one camera's full stream. It holds the one long connection that this page may have, and lets it go when
 * the dialog closes or the tab is hidden.
 */
export class Enlarged {
  #dialog
  #card
  #screen
  #advice
  #addresses
  /** @type {HTMLImageElement | null} */
  #stream = null
  #connectedAt = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry
  /** @type {string | null} */
  id = null

  /**
   * @param {HTMLDialogElement} dialog
   * @param {(verb: import('./api.js').Verb, id: string) => void} press
   * @param {() => void} closed by the person who looks
   */
  constructor (dialog, press, closed) {
    this.#dialog = dialog
    this.#card = new Card(dialog, verb => { if (this.id !== null) press(verb, this.id) })
    this.#screen = find(dialog, '.screen')
    this.#advice = find(dialog, '.advice')
    this.#addresses = new Addresses(dialog)
    find(dialog, '.close').addEventListener('click', () => dialog.close())
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
    this.#card.update(view)
    setText(this.#advice, view.lost ? '' : advice(view.camera))
    const { width, height } = view.camera
    if (this.#isCutOff(view)) this.connect()
    if (this.#stream !== null && width && height) Object.assign(this.#stream, { width, height })
    if (this.#stream !== null) this.#stream.alt = `Live picture of ${view.camera.name}`
  }

  /**
   * An <img> whose stream has ended says nothing and keeps its last picture (Chromium fires neither load nor error), but a
   * camera without viewers has lost this one.
   * @param {import('./card.js').View} view
   */
  #isCutOff ({ camera, lost }) {
    return !lost && camera.state === 'running' && viewersOf(camera) === 0 && performance.now() - this.#connectedAt > SETTLE_MS
  }

  /**
   * Opens the stream, and in place of one that may have ended. The address may be the same, because streams are sent with
   * `no-store`: without it Chromium shows the ended one again, from its memory.
   */
  connect () {
    this.release()
    if (this.id === null || document.hidden) return
    this.#connectedAt = performance.now()
    this.#stream = document.createElement('img')
    this.#stream.addEventListener('error', () => {
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => this.connect(), RETRY_MS)
    })
    this.#stream.src = streamUrl(this.id)
    this.#screen.prepend(this.#stream)
  }

  release () {
    clearTimeout(this.#retry)
    if (this.#stream === null) return
    // Chromium streams into an <img> that is out of the page until its src is gone too.
    this.#stream.removeAttribute('src')
    this.#stream.remove()
    this.#stream = null
  }
}
