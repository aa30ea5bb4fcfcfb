import { find, setText } from '../dom.js'
import { say } from '../words/language.js'

/** A question with two answers, or a message. Esc and the quiet button answer no. */
export class Confirmation {
  #dialog
  #yes

  /** @param {HTMLDialogElement} dialog */
  constructor (dialog) {
    this.#dialog = dialog
    this.#yes = find(dialog, '.yes')
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (dialog.querySelectorAll('button'))) button.addEventListener('click', () => dialog.close(button.value))
  }

  /**
   * @param {string} question
   * @param {string} yes
   * @param {string} no
   * @returns {Promise<boolean>}
   */
  ask (question, yes, no) {
    this.#yes.hidden = yes === ''
    setText(this.#yes, yes)
    setText(find(this.#dialog, '#confirmation-question'), question)
    setText(find(this.#dialog, '.no'), no)
    this.#dialog.returnValue = 'no'
    this.#dialog.showModal()
    return new Promise(resolve => this.#dialog.addEventListener('close', () => resolve(this.#dialog.returnValue === 'yes'), { once: true }))
  }

  /** @param {string} message */
  tell (message) {
    return this.ask(message, '', say('close'))
  }

  close () {
    this.#dialog.close('no')
  }
}
