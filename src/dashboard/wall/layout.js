/**
 * @typedef {{ columns: number, tileWidth: number, rowHeight: number, dense: boolean }} Layout pixels; dense: the words stand on the picture
 * @typedef {{ spans: readonly number[], width: number, height: number, rem: number, columns?: number | null, bare?: boolean }} Space
 *   spans: the cells that each tile takes in either direction; rem: pixels of the font; columns: the viewer's choice, null to fit the screen;
 *   bare: pictures only
 */

const ASPECT = 16 / 9
/** The words and buttons below a picture. The style sheet's --caption and --foot add up to it. */
const WORDS_REM = 5.5
/** As in the style sheet. */
const GAP_REM = { roomy: 0.75, dense: 0.375, bare: 0.125 }
const MIN_ROOMY_REM = 18
const MIN_DENSE_REM = 7
/** The width of tiles that do not fit the screen. */
const SCROLLED_REM = 13
const PHONE_REM = 40
const MAX_PHONE_SINGLE = 6
const MAX_FITTED = 64
const MAX_COLUMNS = 16

/**
 * The grid in which all tiles fit the screen with pictures as large as possible. On a phone, or if there are too many, the wall scrolls.
 * @param {Space} space
 * @returns {Layout}
 */
export function layOut ({ spans, width, height, rem, columns = null, bare = false }) {
  const gap = GAP_REM.roomy * rem
  const denseGap = (bare ? GAP_REM.bare : GAP_REM.dense) * rem
  /** @param {number} count @returns {Layout} */
  const scrolled = count => {
    const dense = (width - gap * (count - 1)) / count < MIN_ROOMY_REM * rem
    const tileWidth = Math.floor((width - (dense ? denseGap : gap) * (count - 1)) / count)
    return { columns: count, tileWidth, rowHeight: Math.round(tileWidth / ASPECT + (dense ? 0 : WORDS_REM * rem)), dense }
  }
  if (columns !== null) return scrolled(columns)
  if (!bare && width < PHONE_REM * rem && height > width) return scrolled(spans.length <= MAX_PHONE_SINGLE ? 1 : 2)
  if (spans.length <= MAX_FITTED) {
    const roomy = largest({ spans, width, height, gap, words: WORDS_REM * rem })
    if (!bare && roomy.tileWidth >= MIN_ROOMY_REM * rem) return { ...roomy, dense: false }
    const dense = largest({ spans, width, height, gap: denseGap, words: 0 })
    if (bare || dense.tileWidth >= MIN_DENSE_REM * rem) return { ...dense, dense: true }
  }
  return scrolled(Math.max(1, Math.floor((width + denseGap) / (SCROLLED_REM * rem + denseGap))))
}

/**
 * @param {{ spans: readonly number[], width: number, height: number, gap: number, words: number }} space
 * @returns {Omit<Layout, 'dense'>}
 */
function largest ({ spans, width, height, gap, words }) {
  let best = { columns: 1, tileWidth: 0, rowHeight: 0 }
  for (let columns = Math.max(1, ...spans); columns <= MAX_COLUMNS; columns++) {
    const rows = rowsOf(spans, columns)
    const ofWidth = (width - gap * (columns - 1)) / columns
    const ofHeight = ((height - gap * (rows - 1)) / rows - words) * ASPECT
    const tileWidth = Math.floor(Math.min(ofWidth, ofHeight))
    if (tileWidth > best.tileWidth) best = { columns, tileWidth, rowHeight: Math.floor(tileWidth / ASPECT + words) }
  }
  return best
}

/**
 * The rows that `grid-auto-flow: dense` needs.
 * @param {readonly number[]} spans
 * @param {number} columns
 */
export function rowsOf (spans, columns) {
  /** @type {boolean[][]} */
  const taken = []
  /** @param {number} row @param {number} column @param {number} span */
  const isFree = (row, column, span) => {
    for (let y = row; y < row + span; y++) for (let x = column; x < column + span; x++) if (taken[y]?.[x]) return false
    return true
  }
  for (const wanted of spans) {
    const span = Math.min(wanted, columns)
    let cell = 0
    while (cell % columns + span > columns || !isFree(Math.floor(cell / columns), cell % columns, span)) cell++
    for (let y = 0; y < span; y++) for (let x = 0; x < span; x++) (taken[Math.floor(cell / columns) + y] ??= [])[cell % columns + x] = true
  }
  return Math.max(1, taken.length)
}
