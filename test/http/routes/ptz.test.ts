import t, { type Test } from 'tap'
import { openTo } from '../../../src/door/ways-in.js'
import { until } from '../../e2e/until.js'
import { credentials as onvifLogin, playOnvif } from '../../onvif/onvif-camera.js'
import { build } from '../build.js'

async function yard (t: Test, url: string, credentials = onvifLogin) {
  const built = await build(t, [{ id: 'yard', name: 'Yard', onvif: `${url}/onvif/device_service`, credentials }, { id: 'lab', name: 'Laboratory' }])
  await built.app.inject({ method: 'POST', url: '/start/yard' })
  await built.app.inject({ method: 'POST', url: '/start/lab' })
  const post = async (payload: unknown, id = 'yard') => await built.app.inject({ method: 'POST', url: `/ptz/${id}`, payload: JSON.stringify(payload) })
  return { ...built, post, get: async (id = 'yard') => await built.app.inject({ url: `/ptz/${id}` }) }
}

t.test('/ptz', async t => {
  t.test('says what a camera can do, and /status says it from then on', async t => {
    const camera = await playOnvif(t)
    const { app, get } = await yard(t, camera.url)
    const status = async (id: string) => (await app.inject({ url: `/status/${id}` })).json().ptz
    t.same([await status('yard'), await status('lab')], ['unknown', null])
    t.same(camera.asked, [], 'nobody has asked')
    t.same((await get()).json(), { id: 'yard', ptz: true, presets: [{ token: '1', name: 'Gate' }, { token: '2', name: 'Yard & barn' }] })
    t.same((await get('lab')).json(), { id: 'lab', ptz: false, presets: [] })
    t.equal(await status('yard'), 'yes')
  })
  t.test('moves, stops, and goes to places', async t => {
    const camera = await playOnvif(t)
    const { post, clock } = await yard(t, camera.url)
    t.same((await post({ move: { pan: -0.5, zoom: 1 } })).json(), { id: 'yard', status: 'success' })
    t.equal((await post({ stop: true })).statusCode, 200)
    t.equal((await post({ preset: '2' })).statusCode, 200)
    t.equal((await post({ home: true })).statusCode, 200)
    await post({ move: { tilt: 1 } })
    await post({ move: {} })
    await post({ move: { tilt: 1 } })
    clock.advance(1_000)
    await until('the silence stops it', () => camera.head.log.at(-1)?.did === 'stop')
    t.same(camera.head.log.map(({ did, what = '' }) => `${did} ${what}`), ['move -0.5 0 1', 'stop ', 'preset 2', 'home ', 'move 0 1 0', 'stop ', 'move 0 1 0', 'stop '])
  })
  t.test('refuses what it does not know', async t => {
    const camera = await playOnvif(t)
    const { post, app } = await yard(t, camera.url)
    for (const body of [null, {}, [], 'stop', { move: { pan: 2 } }, { move: { pan: '1' } }, { move: { pan: 1 }, stop: true }, { stop: false }, { preset: '' }, { move: { roll: 1 } }]) {
      t.match((await post(body)).json(), { statusCode: 400 }, JSON.stringify(body))
    }
    t.match((await app.inject({ method: 'POST', url: '/ptz/yard', payload: '{' })).json(), { statusCode: 400, code: 'BAD_REQUEST' })
    t.match((await post({ stop: true }, 'none')).json(), { statusCode: 404, code: 'CAMERA_NOT_FOUND' })
    t.match((await post({ stop: true }, 'lab')).json(), { statusCode: 409, code: 'NO_PTZ', message: /Laboratory has no ONVIF address/ })
    t.same(camera.head.log, [])
  })
  t.test('takes the right to control', async t => {
    const { app } = await build(t, [{ id: 'yard' }], { waysIn: openTo('view') })
    for (const method of ['GET', 'POST'] as const) t.equal((await app.inject({ method, url: '/ptz/yard' })).statusCode, 403)
  })
  t.test('is not asked for another site', async t => {
    const camera = await playOnvif(t)
    const { app } = await yard(t, camera.url)
    const answer = await app.inject({ url: '/ptz/yard', headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } })
    t.match(answer.json(), { statusCode: 403, code: 'CROSS_SITE' })
    t.equal((await app.inject({ url: '/status/yard' })).json().ptz, 'unknown')
  })
  t.test('leaves a camera alone that is stopped', async t => {
    const camera = await playOnvif(t, { quirks: ['ignores-timeout'] })
    const { post, app, played } = await yard(t, camera.url)
    await post({ move: { pan: 1 } })
    const stop = app.inject({ method: 'POST', url: '/stop/yard' })
    await until('it stands still', () => !camera.head.isMoving)
    played.exit([], 'yard')
    await stop
    t.match((await post({ move: { pan: 1 } })).json(), { statusCode: 409, code: 'CAMERA_STOPPED' })
  })
  t.test('does not show a password to a camera that has refused it', async t => {
    const camera = await playOnvif(t)
    const { post, played, clock } = await yard(t, camera.url)
    clock.advance(1_000)
    played.exit(['[error] method DESCRIBE failed: 401 Unauthorized'], 'yard')
    t.match((await post({ move: { pan: 1 } })).json(), { statusCode: 502, code: 'PTZ_FAILED', message: /refuses this username/ })
    t.same(camera.asked, [])
  })
})
