import { cameraUrl, snapshotUrl, statusUrl } from './api.js'
import { find, setText } from './dom.js'

const COPIED_MS = 2_000

/** The addresses of one camera's picture, to be embedded elsewhere. */
export class Addresses {
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
      copy.hidden = navigator.clipboard === undefined // browsers have it for https and localhost alone
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
