import t, { type Test } from 'tap'
import { PtzControl, type PtzControlOptions } from '../../src/onvif/ptz-control.js'
import { until } from '../e2e/until.js'
import { credentials, optionsFor, playOnvif } from './onvif-camera.js'

const left = { pan: -1, tilt: 0, zoom: 0 }
const target = { hasCredentials: true }

function controlOf (t: Test, url: string, options: Partial<PtzControlOptions> = {}) {
  const warnings: string[] = []
  const control = new PtzControl({ ...optionsFor(url), target, warn: line => warnings.push(line), ...options })
  t.teardown(() => control.close())
  return { control, warnings }
}

t.test('the control of a camera that moves', async t => {
  t.test('asks it once, when somebody wants to know', async t => {
    const camera = await playOnvif(t)
    const { control } = controlOf(t, camera.url)
    t.equal(control.ability, 'unknown')
    t.same(camera.asked, [])
    const [first] = await Promise.all([control.describe(), control.describe(), control.move('ann', left)])
    t.match(first, { hasPtz: true, presets: [{ token: '1', name: 'Gate' }, { token: '2' }] })
    t.equal(control.ability, 'yes')
    t.equal(camera.asked.filter(operation => operation === 'GetServices').length, 1)
  })
  t.test('stops it when its holder is silent, also one that forgets its own timeout', async t => {
    const camera = await playOnvif(t, { quirks: ['ignores-timeout'] })
    const { control } = controlOf(t, camera.url)
    await control.move('ann', left)
    await until('the camera stops', () => !camera.head.isMoving)
    t.match(camera.head.log, [{ did: 'move', what: '-1 0 0' }, { did: 'stop' }])
  })
  t.test('follows one person at a time; anybody may stop it', async t => {
    const camera = await playOnvif(t)
    const { control } = controlOf(t, camera.url)
    await control.move('ann', left)
    await t.rejects(control.move('bob', left), { code: 'PTZ_BUSY', message: /Somebody else/ })
    await t.rejects(control.goTo('bob', '1'), { code: 'PTZ_BUSY' })
    await control.stop('bob')
    t.notOk(camera.head.isMoving)
    await t.rejects(control.move('ann', left), { code: 'PTZ_BUSY', message: /Let go/ })
    t.notOk(camera.head.isMoving)
    await until('ann has let go', () => control.move('bob', left).then(() => true, () => false))
  })
  t.test('goes to places', async t => {
    const camera = await playOnvif(t)
    const { control } = controlOf(t, camera.url)
    await control.move('ann', left)
    await control.goTo('ann', '2')
    await control.goTo('bob', 'home')
    await t.rejects(control.goTo('bob', '<9>'), { code: 'PTZ_FAILED', message: 'The camera refuses what ONVIF asks for: There is no such preset.' })
    t.same(camera.head.log.map(({ did, what }) => [did, what]), [['move', '-1 0 0'], ['stop', undefined], ['preset', '2'], ['home', undefined]])
  })
  t.test('lets nobody put off a stop by many requests', async t => {
    const camera = await playOnvif(t)
    const { control } = controlOf(t, camera.url)
    const sent = await Promise.allSettled(Array.from({ length: 100 }, () => control.goTo('ann', '2')))
    t.equal(sent.filter(({ status }) => status === 'fulfilled').length, 1)
    t.match(sent.at(-1), { reason: { code: 'PTZ_BUSY', message: /is being sent/ } })
    await Promise.all(Array.from({ length: 100 }, () => control.describe()))
    t.equal(camera.asked.filter(operation => operation === 'GetPresets').length, 1)
    await control.goTo('ann', 'home')
    await control.describe()
    t.equal(camera.asked.filter(operation => operation === 'GetPresets').length, 2)
  })
  t.test('says that a camera does not move', async t => {
    const { control } = controlOf(t, (await playOnvif(t, { quirks: ['no-ptz'] })).url)
    t.same(await control.describe(), { hasPtz: false, presets: [] })
    t.equal(control.ability, 'no')
    await t.rejects(control.move('ann', left), { code: 'NO_PTZ' })
  })
  t.test('shows a wrong password once, and again after the camera was stopped', async t => {
    const camera = await playOnvif(t)
    const { control } = controlOf(t, camera.url, { credentials: { ...credentials, password: 'wrong' } })
    for (let tries = 0; tries < 3; tries++) await t.rejects(control.move('ann', left), { code: 'PTZ_FAILED', message: /refuses this username/ })
    t.equal(camera.logins.wrong, 1)
    await control.rest()
    await t.rejects(control.move('ann', left), { code: 'PTZ_FAILED' })
    t.equal(camera.logins.wrong, 2)
  })
  t.test('stops the camera when camgate ends', async t => {
    const camera = await playOnvif(t, { quirks: ['ignores-timeout'] })
    const { control } = controlOf(t, camera.url)
    await control.move('ann', left)
    await control.close()
    t.notOk(camera.head.isMoving)
    await t.rejects(control.move('ann', left), { code: 'PTZ_FAILED' })
  })
  t.test('opens no connection once it is closed', async t => {
    const camera = await playOnvif(t)
    const { control } = controlOf(t, camera.url)
    const move = control.move('ann', left)
    await control.close()
    await t.rejects(move, { code: 'PTZ_FAILED' })
    t.same(camera.asked, [])
  })
  t.test('does not know what a camera can do that cannot be reached', async t => {
    const camera = await playOnvif(t)
    const { control } = controlOf(t, camera.url)
    await camera.close()
    await t.rejects(control.describe(), { code: 'PTZ_FAILED', message: /Nothing answers/ })
    t.equal(control.ability, 'unknown')
  })
})
