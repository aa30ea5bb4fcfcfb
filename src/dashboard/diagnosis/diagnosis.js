import { fetchDiagnosis, whyItFailed } from '../api.js'
import { find, setText } from '../dom.js'
import { reason } from '../words/camera.js'
import { findingInWords } from '../words/findings.js'
import { say } from '../words/language.js'

/** @typedef {import('../api.js').Camera} Camera */

/** States in which a camera is meant to show a picture. @type {readonly Camera['state'][]} */
const MEANT_TO_SHOW = ['starting', 'running', 'waiting']

/**
 * Whether somebody may ask why this camera is black: it should show a picture, and does not.
 * @param {Camera} camera
 * @param {boolean} lost
 */
export const isBlack = (camera, lost) => !lost && MEANT_TO_SHOW.includes(camera.state) && reason(camera) !== ''

/** The dialog that says why a camera is black. It opens above that of the enlarged camera. */
export class DiagnosisDialog {
  #dialog
  #title
  #list
  #note
  /** @type {AbortController | null} */
  #asking = null

  /** @param {HTMLDialogElement} dialog */
  constructor (dialog) {
    this.#dialog = dialog
    this.#title = find(dialog, '#diagnosis-title')
    this.#list = find(dialog, '.findings')
    this.#note = find(dialog, '.asking')
    find(dialog, '.close').addEventListener('click', () => dialog.close())
    dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close() })
    dialog.addEventListener('close', () => this.#asking?.abort())
  }

  /**
   * Asks, and shows the answer unless the viewer has closed the dialog in the meantime.
   * @param {string} id
   * @param {string} name
   */
  async open (id, name) {
    this.#asking?.abort()
    const { signal } = this.#asking = new AbortController()
    this.#list.replaceChildren()
    setText(this.#title, say('diagnosisTitle', { name }))
    setText(this.#note, say('diagnosisAsking'))
    if (!this.#dialog.open) this.#dialog.showModal()
    try {
      const diagnosis = await fetchDiagnosis(id, signal)
      this.#list.replaceChildren(...diagnosis.findings.map(finding => element(findingInWords(finding, diagnosis.report !== null))))
      setText(this.#note, '')
    } catch (thrown) {
      if (!signal.aborted) setText(this.#note, say('diagnosisFailed', { why: whyItFailed(thrown) }))
    }
  }

  /** Leaves nothing of a camera on the page: the viewer may not see it any longer. */
  close () {
    this.#asking?.abort()
    this.#dialog.close()
    this.#list.replaceChildren()
    setText(this.#title, '')
  }
}

/** @param {ReturnType<typeof findingInWords>} finding */
function element ({ level, label, sentences, todo }) {
  const item = document.createElement('li')
  item.dataset.level = level
  item.append(paragraph('b', label), ...sentences.map(sentence => paragraph('p', sentence)))
  if (todo.length > 0) {
    const list = document.createElement('ul')
    list.append(...todo.map(sentence => paragraph('li', sentence)))
    item.append(list)
  }
  return item
}

/**
 * @param {'b' | 'p' | 'li'} name
 * @param {string} text
 */
function paragraph (name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
