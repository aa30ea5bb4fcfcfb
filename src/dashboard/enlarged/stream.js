import { streamUrl, viewersOf } from '../api.js'
import { say } from '../words/language.js'

const RETRY_DELAY_MS = 2_000
/** A new stream appears in /status within this time. */
const SETTLE_MS = 5_000

/** A camera's MJPEG stream in an <img>, which begins again whenever it has ended. For browsers without view.js. */
export class Stream {
  #img = document.createElement('img')
  #connectedAt = performance.now()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry
  #box
  #id

  /**
   * @param {Element} box in which it is shown
   * @param {string} id
   */
  constructor (box, id) {
    this.#box = box
    this.#id = id
    this.#connect()
  }

  /** @param {import('./card.js').View} view */
  update ({ camera, lost }) {
    if (!lost && this.#hasEnded(camera)) {
      this.remove()
      this.#connect()
    }
    if (camera.width && camera.height) Object.assign(this.#img, { width: camera.width, height: camera.height })
    this.#img.alt = say('livePicture', { name: camera.name })
  }

  remove () {
    clearTimeout(this.#retry)
    // Chromium keeps streaming into a removed <img> until its src is removed too.
    this.#img.removeAttribute('src')
    this.#img.remove()
  }

  /**
   * Chromium fires neither load nor error when a stream has ended, and the <img> keeps its last picture, but the camera reports no viewers.
   * @param {import('../api.js').Camera} camera
   */
  #hasEnded (camera) {
    return camera.state === 'running' && viewersOf(camera) === 0 && performance.now() - this.#connectedAt > SETTLE_MS
  }

  /** The address can stay the same because streams are sent with `no-store`; otherwise Chromium would show the ended one again from its cache. */
  #connect () {
    this.#connectedAt = performance.now()
    this.#img = document.createElement('img')
    this.#img.addEventListener('error', () => {
      clearTimeout(this.#retry)
      this.#retry = setTimeout(() => {
        this.remove()
        this.#connect()
      }, RETRY_DELAY_MS)
    })
    this.#img.src = streamUrl(this.#id)
    this.#box.prepend(this.#img)
  }
}
