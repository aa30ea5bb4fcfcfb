/** @typedef {{ order: readonly string[], large: readonly string[], columns: number | null }} Arranged */

const MAX_COLUMNS = 16
const strings = /** @param {unknown} value */ value => Array.isArray(value) ? value.filter(item => typeof item === 'string') : []

/** The places and sizes that the viewer chose for cameras. */
export class Arrangement {
  /** @type {Arranged} */
  #arranged
  #save

  /**
   * @param {unknown} saved what `save` was given earlier, or anything else
   * @param {(arranged: Arranged) => void} save
   */
  constructor (saved, save) {
    const { order, large, columns } = /** @type {Record<string, unknown>} */ (typeof saved === 'object' && saved !== null ? saved : {})
    this.#arranged = { order: strings(order), large: strings(large), columns: Number.isInteger(columns) ? limited(Number(columns)) : null }
    this.#save = save
  }

  /** The columns of the wall; null to fit the screen. */
  get columns () { return this.#arranged.columns }
  set columns (columns) { this.#set({ columns: columns === null ? null : limited(columns) }) }

  /**
   * The cameras in the viewer's order; those that the viewer never moved stay in camgate's order at the end.
   * @param {readonly string[]} ids in camgate's order
   */
  sort (ids) {
    const { order } = this.#arranged
    const place = new Map(order.map((id, i) => [id, i]))
    return [...ids].sort((a, b) => (place.get(a) ?? order.length) - (place.get(b) ?? order.length))
  }

  /**
   * Moves a camera to the place of another, which makes room for it.
   * @param {readonly string[]} ids as they are now
   * @param {string} id
   * @param {string | undefined} target does nothing if there is none
   */
  move (ids, id, target) {
    if (target === undefined || id === target) return
    const to = ids.indexOf(target)
    this.#set({ order: ids.filter(other => other !== id).toSpliced(to, 0, id) })
  }

  /** The cells that a camera's tile takes in either direction. @param {string} id */
  span (id) {
    return this.#arranged.large.includes(id) ? 2 : 1
  }

  /**
   * @param {string} id
   * @param {boolean} isLarge
   */
  enlarge (id, isLarge) {
    const others = this.#arranged.large.filter(other => other !== id)
    this.#set({ large: isLarge ? [...others, id] : others })
  }

  /** @param {Partial<Arranged>} change */
  #set (change) {
    this.#arranged = { ...this.#arranged, ...change }
    this.#save(this.#arranged)
  }
}

/** @param {number} columns */
const limited = columns => Math.min(MAX_COLUMNS, Math.max(1, columns))
