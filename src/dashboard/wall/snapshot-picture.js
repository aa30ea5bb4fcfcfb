const TILE_ASPECT = 16 / 9

/** The newest snapshot of a camera. It is drawn on a canvas, because a strict CSP forbids blob: URLs. */
export class SnapshotPicture {
  drawnAt = NaN
  #canvas
  #box

  /** @param {HTMLElement} box in which it is shown */
  constructor (box) {
    this.#box = box
    this.#canvas = document.createElement('canvas')
    Object.assign(this.#canvas, { width: 16, height: 9, ariaHidden: 'true' })
    box.append(this.#canvas)
  }

  /**
   * Draws at the size of the tile: 64 canvases of the cameras' own size would take half a gigabyte.
   * @param {Blob} jpeg
   * @param {AbortSignal} signal
   */
  async draw (jpeg, signal) {
    const picture = await window.createImageBitmap(jpeg)
    if (!signal.aborted) {
      const width = Math.min(picture.width, Math.ceil(this.#box.clientWidth * window.devicePixelRatio) || picture.width)
      const height = Math.round(width * picture.height / picture.width)
      if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height })
      this.#canvas.classList.toggle('fills', Math.abs(width / height / TILE_ASPECT - 1) < 0.03)
      this.#canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height)
      this.drawnAt = performance.now()
    }
    picture.close()
  }
}
