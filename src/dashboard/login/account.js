import { logOut } from '../api.js'
import { find, setText } from '../dom.js'
import { firstSession } from '../early/first-answers.js'

/** @typedef {import('../api.js').Session} Session */

/** Who looks at the page, and what they may do. Shows the user's name, and the button that logs out or what does it instead. */
export class Account {
  /** @type {Session | null} */
  #session = null
  #isDoubtful = false
  #root
  #name
  #basic
  #logOut

  /**
   * @param {HTMLElement} root
   * @param {() => unknown} loggedOut called when the viewer has asked to log out
   */
  constructor (root, loggedOut) {
    this.#root = root
    this.#name = find(root, '.user')
    this.#basic = find(root, '.basic')
    this.#logOut = /** @type {HTMLButtonElement} */ (find(root, '.logout'))
    this.#logOut.addEventListener('click', async () => {
      this.#logOut.disabled = true
      await logOut().then(() => this.doubt(), () => {}) // if camgate does not answer, the banner says so, and the name stays
      this.#logOut.disabled = false
      loggedOut()
    })
  }

  /** Whether camgate has said that the viewer may see cameras. */
  get isIn () { return this.#session !== null && this.#session.right !== null }
  /** Whether camgate has said that the viewer may not. */
  get isOut () { return this.#session !== null && this.#session.right === null }
  /** Whether a user and a password would let the viewer in. */
  get needsLogin () { return this.isOut && this.#session?.login === true }
  get mayControl () { return this.isIn && this.#session?.right !== 'view' }
  get mayEdit () { return this.isIn && this.#session?.right === 'admin' }

  /** Makes `check` ask again, because somebody may have logged in or out in another tab. */
  doubt () {
    this.#isDoubtful = true
  }

  /** Asks camgate who the viewer is, unless that is known. @param {AbortSignal} signal */
  async check (signal) {
    if (!this.isIn || this.#isDoubtful) this.update(await firstSession(signal))
  }

  /** @param {Session} session */
  update (session) {
    this.#session = session
    this.#isDoubtful = false
    const { user, logout, basic } = session
    this.#root.hidden = user === null
    setText(this.#name, user ?? '')
    this.#logOut.hidden = !logout
    this.#basic.hidden = !basic // no page can make a browser forget it
  }
}
