import t from 'tap'
import { turn } from '../../fake-launch.js'
import { build } from '../build.js'

t.test('control', async t => {
  t.test('starts at once, and answers a stop once the process has exited', async t => {
    const { app, played } = await build(t)
    t.match((await app.inject({ method: 'POST', url: '/start/1' })).json(), { id: '1', state: 'starting' })
    played.frame()
    let answered = false
    const stop = app.inject({ method: 'POST', url: '/stop/1' }).then(answer => { answered = true; return answer })
    await turn()
    await turn()
    t.equal(played.stops(), 1)
    t.notOk(answered)
    played.exit()
    t.same((await stop).json(), { id: '1', state: 'stopped', status: 'success', message: 'Yard is stopped.', failure: null, nextRetryAt: null })
    t.match((await app.inject({ method: 'POST', url: '/stop/1' })).json(), { state: 'stopped' }, 'once more changes nothing')
  })

  t.test('ignores the body of a request', async t => {
    const { app } = await build(t)
    for (const [type, payload] of [['application/x-www-form-urlencoded', 'csrf=1'], ['application/json', ''], ['text/plain', '{'], ['multipart/form-data; boundary=x', '--x--'],
      ['application/json', '{}'], ['nonsense', ''], ['nonsense', 'a=1'], ['/', ''], ['application/json; charset=', ''], ['', '']] as const) {
      t.equal((await app.inject({ method: 'POST', url: '/start/1', headers: { 'content-type': type }, payload })).statusCode, 200, `${type} ${payload}`)
      t.equal((await app.inject({ method: 'POST', url: '/start/1', headers: { 'content-type': type } })).statusCode, 200, `${type} and no body`)
      t.equal((await app.inject({ method: 'POST', url: '/start/1', headers: { 'content-type': type, 'content-length': '0' } })).statusCode, 200, `${type} and an empty body`)
      t.equal((await app.inject({ method: 'POST', url: '/status', headers: { 'content-type': type }, payload })).statusCode, 405, `${type} where there is no POST`)
      t.equal((await app.inject({ method: 'POST', url: '/nothing', headers: { 'content-type': type }, payload })).statusCode, 404, `${type} where there is nothing`)
    }
  })

  t.test('does not retry at once after a refused password, and returns the time of the next try', async t => {
    const { app, played, clock } = await build(t, [{ id: '1', credentials: { username: 'admin', password: 'wrong' } }])
    const post = async (verb: string) => await app.inject({ method: 'POST', url: `/${verb}/1` })
    await post('start')
    clock.advance(1_000)
    played.exit(['[error] method DESCRIBE failed: 401 Unauthorized'])
    for (const verb of ['start', 'restart', 'stop', 'start']) {
      const answer = await post(verb)
      t.equal(answer.statusCode, 200)
      if (verb === 'stop') t.match(answer.json(), { state: 'stopped', failure: null, nextRetryAt: null })
      else t.match(answer.json(), { id: '1', state: 'waiting', failure: { code: 'auth', message: /refuses this username/ }, nextRetryAt: '2026-01-01T00:01:01.000Z' })
    }
    t.equal(played.attempts.length, 1)
    clock.advance(60_000)
    await turn()
    t.equal(played.attempts.length, 2)
  })

  t.test('restarts with a new process', async t => {
    const { app, played } = await build(t)
    await app.inject({ method: 'POST', url: '/start/1' })
    const restart = app.inject({ method: 'POST', url: '/restart/1' })
    await turn()
    await turn()
    played.exit()
    t.match((await restart).json(), { id: '1', state: 'starting' })
    t.equal(played.attempts.length, 2)
  })

  t.test('stops by GET too, but not by HEAD', async t => {
    const { app, fleet, played } = await build(t)
    await app.inject({ method: 'POST', url: '/start/1' })
    t.equal((await app.inject({ method: 'HEAD', url: '/stop/1' })).statusCode, 405)
    t.equal(fleet.get('1').state.kind, 'starting')
    const stop = app.inject('/stop/1')
    await turn()
    await turn()
    played.exit()
    t.match(await stop, { statusCode: 200, headers: { 'cache-control': 'no-store' } })
    t.equal(fleet.get('1').state.kind, 'stopped')
  })

  t.test('lists the cameras when it is asked for an unknown one', async t => {
    const { app } = await build(t)
    for (const [method, url] of [['POST', '/start/2'], ['POST', '/stop/2'], ['POST', '/restart/2'], ['GET', '/stop/2'], ['GET', '/status/2'], ['GET', '/camera/2'], ['HEAD', '/camera/2'], ['GET', '/camera/2/snapshot']] as const) {
      const answer = await app.inject({ method, url })
      t.equal(answer.statusCode, 404, `${method} ${url}`)
      if (method !== 'HEAD') t.match(answer.json(), { statusCode: 404, code: 'CAMERA_NOT_FOUND', error: 'Not Found', message: /"2".*1, lab/ })
    }
  })
})
