/**
 * A camera's picture by `<camgate-view>` of view.js.
 * @typedef {HTMLElement & { readonly state: string, readonly reason: string, readonly path: string | undefined, readonly ageMs: number | undefined }} View
 */

const TILE_ASPECT = 16 / 9

/** @type {Record<string, string>} */
const PATHS = { webcodecs: 'WebCodecs', mse: 'Media Source', jpeg: 'JPEG, WebSocket', img: 'MJPEG', snapshots: 'JPEG, HTTP' }

/** Whether view.js has come. Without it, tiles are snapshots. */
export const canPlay = () => window.customElements.get('camgate-view') !== undefined

/** The live picture of one camera, for a tile or for the enlarged view. */
export class LivePicture {
  #view

  /**
   * @param {Element} box in which it is shown
   * @param {string} id
   */
  constructor (box, id) {
    this.#view = /** @type {View} */ (document.createElement('camgate-view'))
    this.#view.setAttribute('camera', id)
    box.prepend(this.#view)
  }

  get shown () {
    if (this.#view.ageMs === undefined) return 'none'
    return this.#view.state === 'running' ? 'live' : 'old'
  }

  /** How it comes to the eye, for people who look closer. */
  get eye () {
    const { ageMs, path, reason, state } = this.#view
    const name = PATHS[path ?? ''] ?? ''
    return { ageMs, path: state === 'running' && reason !== '' ? `${name} (${reason})` : name }
  }

  /** Why the picture does not come, where camgate says that the camera runs; undefined if it does. @returns {'waiting' | 'stale' | string | undefined} */
  get trouble () {
    const { reason, state } = this.#view
    if (['refused', 'no-path', 'disconnected'].includes(state)) return reason
    if (state === 'stale') return 'stale'
    return this.#view.ageMs === undefined ? 'waiting' : undefined
  }

  /**
   * Takes the shape of the camera's picture. One that nearly is a tile's fills it, without thin bars.
   * @param {import('../api.js').Camera} camera
   */
  shape ({ width, height, input }) {
    const aspect = (width ?? input?.width ?? 0) / (height ?? input?.height ?? 0)
    if (!(aspect > 0 && aspect < Infinity)) return
    this.#view.style.setProperty('--aspect', String(aspect))
    this.#view.setAttribute('fit', Math.abs(aspect / TILE_ASPECT - 1) < 0.03 ? 'cover' : 'contain')
  }

  remove () {
    this.#view.remove()
  }
}
