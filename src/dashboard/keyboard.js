import { remember, remembered } from './storage.js'

/**
 * @typedef {import('./wall/tile.js').Tile} Tile
 * @typedef {object} Keys
 * @property {import('./wall/wall.js').Wall} wall
 * @property {import('./wall/tile-actions.js').TileActions} actions
 * @property {() => void} help
 * @property {() => void} find
 * @property {() => void} fullScreen
 * @property {(by: -1 | 1) => void} neighbour shows another camera, in the view of one
 */

/** Whether single letters are keys: people who speak to their computer turn them off (WCAG 2.1.4). */
let singleKeys = remembered('singleKeys') !== false
export const hasSingleKeys = () => singleKeys

/** @param {boolean} are */
export function setSingleKeys (are) {
  singleKeys = are
  remember('singleKeys', are)
}

/** @param {Keys} keys */
export function listenToKeys (keys) {
  document.addEventListener('keydown', event => {
    const { target } = event
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(target instanceof window.HTMLElement) || target.closest('input, select, textarea, [popover]')) return
    const dialog = Array.from(document.querySelectorAll('dialog[open]')).at(-1)
    if (dialog !== undefined) {
      if (dialog.id !== 'enlarged' || !event.key.match(/^Arrow(Left|Right)$/)) return
      keys.neighbour(event.key === 'ArrowLeft' ? -1 : 1)
    } else if (!onTile(event, keys.wall.tileOf(target), keys) && !(singleKeys && onPage(event.key, keys))) return
    event.preventDefault()
  })
}

/**
 * @param {string} key
 * @param {Keys} keys
 */
function onPage (key, { help, find, fullScreen }) {
  const run = { '?': help, '/': find, w: fullScreen }[key]
  run?.()
  return run !== undefined
}

/**
 * @param {KeyboardEvent} event
 * @param {Tile | undefined} tile
 * @param {Keys} keys
 */
function onTile ({ key, shiftKey }, tile, { wall, actions }) {
  if (tile === undefined) return false
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -wall.columns, ArrowDown: wall.columns }[key]
  if (by !== undefined) {
    if (shiftKey) wall.move(tile, by)
    else wall.shown[wall.shown.indexOf(tile) + by]?.focus()
    return true
  }
  const run = singleKeys
    ? {
        f: () => actions.fullScreen(tile),
        s: () => actions.save(tile),
        m: () => actions.openMenu(tile),
        '+': () => wall.enlarge(tile, true),
        '-': () => wall.enlarge(tile, false)
      }[key]
    : undefined
  run?.()
  return run !== undefined
}
