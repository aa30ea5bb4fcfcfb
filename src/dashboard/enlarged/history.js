/** A plot shows this time. */
export const HISTORY_MS = 600_000
const SAMPLE_INTERVAL_MS = 2_000
/** @typedef {{ at: number, fps: number | null }} Sample fps: pictures a second; null while there is no picture */

/** What this page has seen of the cameras in the last ten minutes. */
export class History {
  /** @type {Map<string, Sample[]>} */
  #samples = new Map()
  #lastAt = -Infinity

  /**
   * Does nothing if the last call was less than two seconds ago.
   * @param {number} at milliseconds, of any clock that does not jump
   * @param {Iterable<[id: string, fps: number | null]>} cameras
   */
  add (at, cameras) {
    if (at - this.#lastAt < SAMPLE_INTERVAL_MS) return
    this.#lastAt = at
    const known = new Map(cameras)
    for (const id of this.#samples.keys()) if (!known.has(id)) this.#samples.delete(id)
    for (const [id, fps] of known) {
      const samples = this.#samples.get(id) ?? []
      samples.push({ at, fps })
      while (samples[0] !== undefined && samples[0].at < at - HISTORY_MS) samples.shift()
      this.#samples.set(id, samples)
    }
  }

  /** @param {string} id @returns {readonly Sample[]} */
  of (id) {
    return this.#samples.get(id) ?? []
  }
}
