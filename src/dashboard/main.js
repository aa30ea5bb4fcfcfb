import { ask, fetchSnapshot, Refusal } from './api.js'
import { askAnyway } from './cameras/ask-anyway.js'
import { Cameras } from './cameras/cameras.js'
import { Confirmation } from './edit/confirmation.js'
import { Editor } from './edit/editor.js'
import { removeCamera } from './edit/removal.js'
import { Enlarged } from './enlarged/enlarged.js'
import { History } from './enlarged/history.js'
import { Commands } from './commands.js'
import { DiagnosisDialog } from './diagnosis/diagnosis.js'
import { find, setText } from './dom.js'
import { firstStatus } from './early/first-answers.js'
import { helpDialog } from './help.js'
import { listenToKeys } from './keyboard.js'
import { Account } from './login/account.js'
import { LoginForm } from './login/login-form.js'
import { TIMEOUT } from './poll.js'
import { remember, remembered } from './storage.js'
import { Arrangement } from './wall/arrangement.js'
import { matches } from './wall/filter.js'
import { isKiosk, keepScreenOn } from './wall/kiosk.js'
import { Menu } from './wall/menu.js'
import { SnapshotQueue } from './wall/snapshots.js'
import { TileActions } from './wall/tile-actions.js'
import { Tools } from './wall/tools.js'
import { Wall } from './wall/wall.js'
import { seenFps } from './words/details.js'
import { offerLanguages } from './words/language-menu.js'
import { say } from './words/language.js'
import { duration } from './words/quantities.js'
import { summary } from './words/summary.js'

const TICK_MS = 500
const TOAST_MS = 2_000

document.body.toggleAttribute('data-kiosk', isKiosk)
await offerLanguages(/** @type {HTMLSelectElement} */ (find(document, '#language')), () => render())

/** @type {{ report: import('./api.js').Report, clockSkew: number } | null} */
let known = null
/** Why the service does not answer; null while it answers. @type {string | null} */
let lost = null

const history = new History()
const toast = find(document, '#toast')

const snapshots = new SnapshotQueue(async (id, signal) => {
  const jpeg = await fetchSnapshot(id, signal)
  await wall.tiles.get(id)?.draw(jpeg, signal)
})

const account = new Account(find(document, '#account'), () => cameras.now())
const login = new LoginForm(/** @type {HTMLFormElement} */ (find(document, '#login')), session => {
  account.update(session)
  cameras.now()
})

/**
 * The status of the cameras; null for somebody who has to log in first.
 * @param {AbortSignal} signal
 */
async function fetchForViewer (signal) {
  await account.check(signal)
  if (!account.isIn) return null
  try {
    return await firstStatus(signal)
  } catch (thrown) {
    if (!(thrown instanceof Refusal && thrown.status === 401)) throw thrown
    account.doubt() // the session has ended
    await account.check(signal)
    if (account.isIn) throw thrown
    return null
  }
}

const cameras = new Cameras(fetchForViewer, answer => {
  if ('error' in answer) {
    const { error } = answer
    lost ??= error === TIMEOUT ? say('tookTooLong') : error instanceof TypeError ? say('noConnection') : error.message
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
  if (document.hidden) cameras.stop()
})

const commands = new Commands((verb, id, signal) => {
  const answer = askAnyway(ask)(verb, id, signal)
  snapshots.interrupt()
  return answer
}, () => cameras.now(), () => render())
/** @param {import('./api.js').Verb} verb @param {string} id */
const press = (verb, id) => { void commands.press(verb, id) }

/** @param {string} text shown for a short time */
const tell = text => {
  toast.hidden = false
  setText(toast, text)
  setTimeout(() => { toast.hidden = true }, TOAST_MS)
}
const editorCalls = { confirmation: new Confirmation(/** @type {HTMLDialogElement} */ (find(document, '#confirmation'))), tell, changed: () => { void cameras.now() } }
const editor = new Editor(/** @type {HTMLDialogElement} */ (find(document, '#editor')), editorCalls)
const editing = {
  mayEdit: () => account.mayEdit,
  /** @param {string} id */
  edit: id => editor.edit(id),
  /** @param {string} id */
  remove: id => removeCamera(id, editorCalls)
}
find(document, '#add-camera').addEventListener('click', () => { void editor.add() })

const enlarged = new Enlarged(/** @type {HTMLDialogElement} */ (find(document, '#enlarged')), history, press, () => {
  window.history.replaceState(null, '', window.location.pathname + window.location.search)
  pauseOrResume()
}, editing)

const wall = new Wall(find(document, '#cameras'), /** @type {HTMLTemplateElement} */ (find(document, '#tile')),
  new Arrangement(remembered('wall'), arranged => remember('wall', arranged)), { press, seen: () => render(), removed: id => snapshots.remove(id) })
const actions = new TileActions(wall, new Menu(find(document, '#menu')), tell, editing)
find(document, '#cameras').addEventListener('click', event => {
  const tile = wall.tileOf(event.target)
  if (tile !== undefined && event.target instanceof window.Element && event.target.closest('.more') !== null) actions.openMenu(tile)
})
const diagnosis = new DiagnosisDialog(/** @type {HTMLDialogElement} */ (find(document, '#diagnosis')))
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof window.Element) || target.closest('.why') === null) return
  const id = wall.tileOf(target)?.id ?? enlarged.id
  const camera = id === null ? undefined : known?.report.cameras[id]
  if (id !== null && camera !== undefined) void diagnosis.open(id, camera.name)
})
const tools = new Tools(wall, () => render())
listenToKeys({ wall, actions, help: helpDialog(), find: () => tools.find(), fullScreen: () => tools.fullScreen(), neighbour: showNeighbour })

/** @param {boolean} [isTick] only times have changed, which matters to tiles in view: there may be 500 */
function render (isTick = false) {
  renderBanner()
  renderAccount()
  if (known === null) return
  const { report: { order, cameras: byId, uptimeSeconds, version }, clockSkew } = known
  const isLost = lost !== null
  const all = Object.values(byId)
  if (!isLost) history.add(performance.now(), Object.entries(byId).map(([id, camera]) => [id, seenFps(camera)]))
  showEnlarged(byId)
  tools.update(all.length)
  setText(find(document, '#summary'), isLost ? say('noWord') : summary(all))
  setText(find(document, 'title'), `${isLost ? say('noAnswerTitle') : summary(all)} · camgate`)
  find(document, '#empty').hidden = all.length > 0
  find(document, '#simulated').hidden = all.length === 0 || !all.every(camera => camera.simulated)
  setText(find(document, '#about'), say('about', { version, time: duration(uptimeSeconds * 1_000) }))
  const { filter } = tools
  wall.show(order, id => isKiosk ? kioskShows(id, byId) : matches(id, /** @type {import('./api.js').Camera} */ (byId[id]), filter), isKiosk)
  find(document, '#none').hidden = all.length === 0 || wall.shown.length > 0
  for (const [id, camera] of Object.entries(byId)) {
    commands.update(id, camera)
    const view = { camera, command: commands.of(id), lost: isLost, now: Date.now() + clockSkew }
    const tile = wall.tiles.get(id)
    try {
      if (!isTick || tile?.inView) tile?.update(view)
      if (id === enlarged.id) enlarged.update(view)
      if (tile?.wantsPicture(view)) snapshots.add(id)
      else snapshots.remove(id)
    } catch (thrown) {
      console.error(`camera ${id} cannot be shown`, camera, thrown) // the other cameras still are
    }
  }
}

function renderBanner () {
  const banner = find(document, '#banner')
  banner.hidden = lost === null
  setText(banner, lost === null ? '' : say('banner', { why: lost }))
  const error = account.mayEdit ? known?.report.config.error ?? null : null
  const misconfigured = find(document, '#misconfigured')
  misconfigured.hidden = error === null || lost !== null
  setText(misconfigured, error === null ? '' : error.line === null ? say('configurationUnusable', { why: error.message }) : say('configurationInvalid', { line: error.line, why: error.message }))
}

/** Nothing of the cameras stays on the page of somebody who has logged out. */
function renderAccount () {
  login.show(account.needsLogin)
  find(document, '#stranger').hidden = !account.isOut || account.needsLogin
  document.body.dataset.right = account.mayEdit ? 'admin' : account.mayControl ? 'control' : 'view'
  if (!account.isOut) return
  enlarged.show(null)
  editor.close()
  diagnosis.close()
  wall.clear()
  tools.update(0)
  for (const hint of ['#empty', '#none', '#simulated']) find(document, hint).hidden = true
  for (const words of ['#summary', '#about']) setText(find(document, words), '')
  setText(find(document, 'title'), `${say('logIn')} · camgate`)
}

const hashId = () => window.location.hash.match(/^#camera\/([\w-]+)$/)?.[1] ?? ''

/**
 * `#camera/1` enlarges camera 1, so that it can be linked to and the Back button closes it.
 * @param {import('./api.js').Report['cameras']} byId
 */
function showEnlarged (byId) {
  const id = hashId()
  enlarged.show(!isKiosk && Object.hasOwn(byId, id) ? id : null)
  pauseOrResume()
}

/**
 * On a kiosk, `#camera/1` shows camera 1 alone.
 * @param {string} id
 * @param {import('./api.js').Report['cameras']} byId
 */
const kioskShows = (id, byId) => !Object.hasOwn(byId, hashId()) || id === hashId()

/** @param {-1 | 1} by */
function showNeighbour (by) {
  const { shown } = wall
  const next = shown[shown.findIndex(({ id }) => id === enlarged.id) + by]
  if (next === undefined) return
  window.history.replaceState(null, '', `${window.location.pathname}${window.location.search}#camera/${next.id}`)
  render()
}

function pauseOrResume () {
  if (document.hidden || enlarged.id !== null) snapshots.pause()
  else snapshots.resume()
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    cameras.stop()
    enlarged.release()
  } else {
    account.doubt()
    cameras.now()
    enlarged.connect()
  }
  pauseOrResume()
})
window.addEventListener('hashchange', () => render())
if (isKiosk) keepScreenOn()
setInterval(() => {
  login.tick()
  if (!document.hidden) render(true)
}, TICK_MS)
if (!document.hidden) cameras.now()
