import { ask, fetchSnapshot, fetchStatus } from './api.js'
import { find, setText } from './dom.js'
import { Enlarged } from './enlarged.js'
import { Poll } from './poll.js'
import { SnapshotTurns } from './snapshots.js'
import { Tile } from './tile.js'
import { Wishes } from './wishes.js'
import { duration, summary } from './words.js'

const TICK_MS = 500

/** @type {Map<string, Tile>} */
const tiles = new Map()
/** @type {{ report: import('./api.js').Report, clockSkew: number } | null} */
let known = null
/** Why the service does not answer; null while it does. @type {string | null} */
let lost = null

const list = find(document, '#cameras')
const template = /** @type {HTMLTemplateElement} */ (find(document, '#tile'))
const dialog = /** @type {HTMLDialogElement} */ (find(document, '#enlarged'))

const turns = new SnapshotTurns(async (id, signal) => {
  const jpeg = await fetchSnapshot(id, signal)
  await tiles.get(id)?.draw(jpeg, signal)
})

const poll = new Poll(fetchStatus, answer => {
  if ('value' in answer) {
    const { report, serverNow } = answer.value
    const restarted = known !== null && report.uptimeSeconds < known.report.uptimeSeconds
    known = { report, clockSkew: serverNow - Date.now() }
    if (lost !== null || restarted) enlarged.connect()
    lost = null
  } else {
    lost ??= answer.error instanceof TypeError ? 'there is no connection' : answer.error.message
  }
  render()
  if (document.hidden) poll.stop()
})

const wishes = new Wishes((verb, id, signal) => {
  const answer = ask(verb, id, signal)
  turns.makeWay()
  return answer
}, () => poll.now(), () => render())
const enlarged = new Enlarged(dialog, (verb, id) => wishes.press(verb, id), () => {
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  takeTurns()
})

const inView = new window.IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    const tile = tiles.get(/** @type {HTMLElement} */ (target).dataset.id ?? '')
    if (tile !== undefined) tile.inView = isIntersecting
  }
  render()
}, { rootMargin: '100px' })

/** @param {string} id */
function tileOf (id) {
  const tile = tiles.get(id) ?? new Tile(id, template, verb => wishes.press(verb, id))
  if (!tiles.has(id)) {
    tiles.set(id, tile)
    list.append(tile.element)
    inView.observe(tile.element)
  }
  return tile
}

/** @param {string} id */
function remove (id) {
  turns.leave(id)
  const tile = tiles.get(id)
  if (tile !== undefined) inView.unobserve(tile.element)
  tile?.element.remove()
  tiles.delete(id)
}

function render () {
  renderBanner()
  if (known === null) return
  const { report, clockSkew } = known
  showEnlarged(report)
  for (const id of tiles.keys()) if (!Object.hasOwn(report.cameras, id)) remove(id)
  for (const [id, camera] of Object.entries(report.cameras)) {
    wishes.see(id, camera)
    const view = { camera, wish: wishes.of(id), lost: lost !== null, now: Date.now() + clockSkew }
    const tile = tileOf(id)
    try {
      tile.update(view)
      if (id === enlarged.id) enlarged.update(view)
      if (tile.wantsPicture(view)) turns.want(id)
      else turns.leave(id)
    } catch (thrown) {
      console.error(`camera ${id} cannot be shown`, camera, thrown) // and the others can
    }
  }
  const cameras = Object.values(report.cameras)
  setText(find(document, '#summary'), lost === null ? summary(cameras) : 'No word from camgate')
  setText(find(document, 'title'), `${lost === null ? summary(cameras) : 'No answer'} · camgate`)
  find(document, '#empty').hidden = cameras.length > 0
  find(document, '#simulated').hidden = cameras.length === 0 || !cameras.every(camera => camera.simulated)
  setText(find(document, '#about'), `camgate ${report.version}, up for ${duration(report.uptimeSeconds * 1_000)}`)
}

function renderBanner () {
  const banner = find(document, '#banner')
  banner.hidden = lost === null
  setText(banner, lost === null ? '' : `camgate does not answer: ${lost}. What you see is old. Trying again every second…`)
}

/**
 * `#camera/1` enlarges camera 1, so that it can be linked to and the Back button closes it.
 * @param {import('./api.js').Report} report
 */
function showEnlarged ({ cameras }) {
  const id = window.location.hash.match(/^#camera\/([\w-]+)$/)?.[1] ?? ''
  enlarged.show(Object.hasOwn(cameras, id) ? id : null)
  takeTurns()
}

function takeTurns () {
  if (document.hidden || enlarged.id !== null) turns.pause()
  else turns.resume()
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    poll.stop()
    enlarged.release()
  } else {
    poll.now()
    enlarged.connect()
  }
  takeTurns()
})
window.addEventListener('hashchange', render)
setInterval(() => { if (!document.hidden) render() }, TICK_MS)
if (!document.hidden) poll.now()
