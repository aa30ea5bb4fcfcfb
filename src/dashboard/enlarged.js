import { cameraUrl, snapshotUrl, statusUrl, streamUrl, viewersOf } from './api.js'
import { Card } from './card.js'
import { find, setText } from './dom.js'
import { advice, inputInWords } from './words.js'

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
  #input
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
   * @param {() => void} closed called when the viewer closes it
   */
  constructor (dialog, press, closed) {
    this.#dialog = dialog
    this.#card = new Card(dialog, verb => { if (this.id !== null) press(verb, this.id) })
    this.#screen = find(dialog, '.screen')
    this.#advice = find(dialog, '.advice')
    this.#input = find(dialog, '.input')
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
    setText(this.#input, view.lost ? '' : inputInWords(view.camera))
    const { width, height } = view.camera
    if (this.#isCutOff(view)) this.connect()
    if (this.#stream !== null && width && height) Object.assign(this.#stream, { width, height })
    if (this.#stream !== null) this.#stream.alt = `Live picture of ${view.camera.name}`
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

  /** @param {ParentNode} root */
  constructor (root) {
    this.#rows = [...root.querySelectorAll('.addresses [data-of]')].map(row => ({
      of: /** @type {HTMLElement} */ (row).dataset.of,
      link: /** @type {HTMLAnchorElement} */ (find(row, 'a')),
      copy: /** @type {HTMLButtonElement} */ (find(row, 'button'))
    }))
    const details = find(root, '.addresses')
    details.addEventListener('toggle', () => details.scrollIntoView({ block: 'nearest' }))
    for (const { link, copy } of this.#rows) {
      copy.hidden = navigator.clipboard === undefined // browsers have it only on https and localhost
      copy.addEventListener('click', async () => {
        await navigator.clipboard.writeText(link.href)
        setText(copy, 'Copied')
        setTimeout(() => setText(copy, 'Copy'), COPIED_MS)
      })
    }
  }

  /** @param {string} id */
  show (id) {
    for (const { of, link } of this.#rows) {
      link.href = new URL(of === 'status' ? statusUrl(id) : of === 'snapshot' ? snapshotUrl(id) : cameraUrl(id), document.baseURI).href
      setText(link, link.href)
    }
  }
}
