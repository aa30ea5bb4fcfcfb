import { isStale } from '../words/camera.js'

/**
 * A camera's picture by `<camgate-view>` of view.js.
 * @typedef {HTMLElement & { readonly state: string, readonly reason: string, readonly path: string | undefined, readonly ageMs: number | undefined }} View
 */

const TILE_ASPECT = 16 / 9
/** A picture that comes within this time needs no words before it. */
const SOON_MS = 1_000
/** `stale` knows nothing of cameras that send a picture every few seconds. */
const STATES_WITH_PICTURES = ['running', 'stale']

/** @type {Record<string, string>} */
const PATHS = { webcodecs: 'WebCodecs', mse: 'Media Source', jpeg: 'JPEG, WebSocket', img: 'MJPEG', snapshots: 'JPEG, HTTP' }

/** Whether view.js has come. Without it, tiles are snapshots. */
export const canPlay = () => window.customElements.get('camgate-view') !== undefined

/** The live picture of one camera, for a tile or for the enlarged view. */
export class LivePicture {
  #view
  #since = performance.now()

  /**
   * @param {Element} box in which it is shown
   * @param {string} id
   */
  constructor (box, id) {
    this.#view = /** @type {View} */ (document.createElement('camgate-view'))
    this.#view.setAttribute('camera', id)
    box.prepend(this.#view)
  }

  /** @param {import('../api.js').Camera} camera */
  shown (camera) {
    const { ageMs, state } = this.#view
    if (ageMs === undefined) return 'none'
    return STATES_WITH_PICTURES.includes(state) && !isStale(camera, ageMs) ? 'live' : 'old'
  }

  /** How old the picture is, and how it is shown. */
  get playback () {
    const { ageMs, path, reason, state } = this.#view
    const name = PATHS[path ?? ''] ?? ''
    return { ageMs, path: state === 'running' && reason !== '' ? `${name} (${reason})` : name }
  }

  /**
   * Why the picture does not come, where camgate says that the camera runs; undefined if it does.
   * @param {import('../api.js').Camera} camera
   * @returns {'waiting' | 'stale' | string | undefined}
   */
  trouble (camera) {
    const { ageMs, reason, state } = this.#view
    if (['refused', 'no-path', 'disconnected'].includes(state)) return reason
    if (ageMs === undefined) return performance.now() - this.#since > SOON_MS ? 'waiting' : undefined
    return isStale(camera, ageMs) ? 'stale' : undefined
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
