import { logIn, Refusal } from '../api.js'
import { find, setText } from '../dom.js'
import { say } from '../words/language.js'

/** @typedef {import('../api.js').Session} Session */

/** Asks for a user and a password. */
export class LoginForm {
  #form
  #user
  #password
  #button
  #problem
  #isBusy = false
  /** What camgate said when it refused to look at another password, and until when it does. @type {{ message: string, until: number } | null} */
  #refused = null

  /**
   * @param {HTMLFormElement} form
   * @param {(session: Session) => void} loggedIn
   */
  constructor (form, loggedIn) {
    this.#form = form
    this.#user = /** @type {HTMLInputElement} */ (find(form, '[name="user"]'))
    this.#password = /** @type {HTMLInputElement} */ (find(form, '[name="password"]'))
    this.#button = /** @type {HTMLButtonElement} */ (find(form, 'button'))
    this.#problem = find(form, '.problem')
    form.addEventListener('submit', event => {
      event.preventDefault()
      if (!this.#button.disabled) this.#submit(loggedIn)
    })
  }

  /** @param {boolean} isShown */
  show (isShown) {
    if (this.#form.hidden !== isShown) return
    this.#form.hidden = !isShown
    if (isShown) (this.#user.value === '' ? this.#user : this.#password).focus()
  }

  /** Counts the time down until the next try. Call it often. */
  tick () {
    if (this.#refused === null) return
    const seconds = Math.ceil((this.#refused.until - performance.now()) / 1_000)
    setText(this.#problem, seconds > 0 ? say('inSeconds', { message: this.#refused.message, seconds }) : '')
    if (seconds <= 0) this.#refused = null
    this.#button.disabled = this.#isBusy || seconds > 0
  }

  /** @param {(session: Session) => void} loggedIn */
  async #submit (loggedIn) {
    this.#isBusy = this.#button.disabled = true
    setText(this.#problem, '')
    try {
      const session = await logIn(this.#user.value, this.#password.value)
      this.#password.value = ''
      loggedIn(session)
    } catch (thrown) {
      this.#refuse(thrown)
    }
    this.#isBusy = this.#button.disabled = false
    this.tick()
  }

  /** @param {unknown} thrown fetch throws a TypeError if there was no answer, and a DOMException if it took too long */
  #refuse (thrown) {
    if (!(thrown instanceof Refusal)) {
      setText(this.#problem, say('noAnswerLogin'))
      return
    }
    if (thrown.retryAfterMs > 0) {
      this.#refused = { message: thrown.message, until: performance.now() + thrown.retryAfterMs }
      return
    }
    setText(this.#problem, thrown.message)
    this.#password.select()
  }
}
