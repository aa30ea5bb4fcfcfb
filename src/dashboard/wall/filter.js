import { failureOf, shownState } from '../words/camera.js'

/**
 * @typedef {import('../api.js').Camera} Camera
 * @typedef {'all' | 'running' | 'trouble' | 'stopped'} Shown
 */

/** Without accents and capitals: "etage" finds "Étage". @param {string} text */
const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()

/**
 * Whether a camera is among those that the viewer wants to see.
 * @param {string} id
 * @param {Camera} camera
 * @param {{ text: string, shown: Shown }} filter text: words of which each must occur in the name, the id or the address
 */
export function matches (id, camera, { text, shown }) {
  return isOf(shown, camera) && plain(text).split(/\s+/).every(word => plain(`${camera.name} ${id} ${camera.address}`).includes(word))
}

/**
 * @param {Shown} shown
 * @param {Camera} camera
 */
function isOf (shown, camera) {
  switch (shown) {
    case 'running': return ['running', 'connected'].includes(shownState(camera))
    case 'trouble': return failureOf(camera) !== null
    case 'stopped': return camera.state === 'stopped'
    default: return true
  }
}
