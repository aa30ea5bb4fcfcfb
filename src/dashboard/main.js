import { ask, fetchSnapshot, fetchStatus, Refusal } from './api.js'
import { Cameras } from './cameras/cameras.js'
import { Commands } from './commands.js'
import { find, setText } from './dom.js'
import { Enlarged } from './enlarged.js'
import { Account } from './login/account.js'
import { LoginForm } from './login/login-form.js'
import { SnapshotQueue } from './snapshots.js'
import { Tile } from './tile.js'
import { duration, summary } from './words.js'

const TICK_MS = 500

/** @type {Map<string, Tile>} */
const tiles = new Map()
/** @type {{ report: import('./api.js').Report, clockSkew: number } | null} */
let known = null
/** Why the service does not answer; null while it answers. @type {string | null} */
let lost = null

const list = find(document, '#cameras')
const template = /** @type {HTMLTemplateElement} */ (find(document, '#tile'))
const dialog = /** @type {HTMLDialogElement} */ (find(document, '#enlarged'))

const snapshots = new SnapshotQueue(async (id, signal) => {
  const jpeg = await fetchSnapshot(id, signal)
  await tiles.get(id)?.draw(jpeg, signal)
})

const account = new Account(find(document, '#account'), () => poll.now())
const login = new LoginForm(/** @type {HTMLFormElement} */ (find(document, '#login')), session => {
  account.update(session)
  poll.now()
})

/**
 * The status of the cameras; null for somebody who has to log in first.
 * @param {AbortSignal} signal
 */
async function fetchForViewer (signal) {
  await account.check(signal)
  if (!account.isIn) return null
  try {
    return await fetchStatus(signal)
  } catch (thrown) {
    if (!(thrown instanceof Refusal && thrown.status === 401)) throw thrown
    account.doubt() // the session has ended
    await account.check(signal)
    if (account.isIn) throw thrown
    return null
  }
}

const poll = new Cameras(fetchForViewer, answer => {
  if ('error' in answer) {
    lost ??= answer.error instanceof TypeError ? 'there is no connection' : answer.error.message
  } else if (answer.value === null) {
    known = lost = null
  } else {
    const { report, serverNow } = answer.value
    const restarted = known !== null && report.uptimeSeconds < known.report.uptimeSeconds
    known = { report, clockSkew: serverNow - Date.now() }
    if (lost !== null || restarted) enlarged.connect()
    lost = null
  }
  render()
  if (document.hidden) poll.stop()
})

const commands = new Commands((verb, id, signal) => {
  const answer = ask(verb, id, signal)
  snapshots.interrupt()
  return answer
}, () => poll.now(), () => render())
const enlarged = new Enlarged(dialog, (verb, id) => commands.press(verb, id), () => {
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  pauseOrResume()
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
  const tile = tiles.get(id) ?? new Tile(id, template, verb => commands.press(verb, id))
  if (!tiles.has(id)) {
    tiles.set(id, tile)
    list.append(tile.element)
    inView.observe(tile.element)
  }
  return tile
}

/** @param {string} id */
function remove (id) {
  snapshots.remove(id)
  const tile = tiles.get(id)
  if (tile !== undefined) inView.unobserve(tile.element)
  tile?.element.remove()
  tiles.delete(id)
}

function render () {
  renderBanner()
  renderAccount()
  if (known === null) return
  const { report, clockSkew } = known
  showEnlarged(report)
  for (const id of tiles.keys()) if (!Object.hasOwn(report.cameras, id)) remove(id)
  for (const [id, camera] of Object.entries(report.cameras)) {
    commands.update(id, camera)
    const view = { camera, command: commands.of(id), lost: lost !== null, now: Date.now() + clockSkew }
    const tile = tileOf(id)
    try {
      tile.update(view)
      if (id === enlarged.id) enlarged.update(view)
      if (tile.wantsPicture(view)) snapshots.add(id)
      else snapshots.remove(id)
    } catch (thrown) {
      console.error(`camera ${id} cannot be shown`, camera, thrown) // the other cameras still are
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

/** Nothing of the cameras stays on the page of somebody who has logged out. */
function renderAccount () {
  login.show(account.needsLogin)
  find(document, '#stranger').hidden = !account.isOut || account.needsLogin
  document.body.dataset.right = account.mayControl ? 'control' : 'view'
  if (!account.isOut) return
  enlarged.show(null)
  for (const id of tiles.keys()) remove(id)
  for (const hint of ['#empty', '#simulated']) find(document, hint).hidden = true
  for (const words of ['#summary', '#about']) setText(find(document, words), '')
  setText(find(document, 'title'), 'Log in · camgate')
}

/**
 * `#camera/1` enlarges camera 1, so that it can be linked to and the Back button closes it.
 * @param {import('./api.js').Report} report
 */
function showEnlarged ({ cameras }) {
  const id = window.location.hash.match(/^#camera\/([\w-]+)$/)?.[1] ?? ''
  enlarged.show(Object.hasOwn(cameras, id) ? id : null)
  pauseOrResume()
}

function pauseOrResume () {
  if (document.hidden || enlarged.id !== null) snapshots.pause()
  else snapshots.resume()
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    poll.stop()
    enlarged.release()
  } else {
    account.doubt()
    poll.now()
    enlarged.connect()
  }
  pauseOrResume()
})
window.addEventListener('hashchange', render)
setInterval(() => {
  login.tick()
  if (!document.hidden) render()
}, TICK_MS)
if (!document.hidden) poll.now()
