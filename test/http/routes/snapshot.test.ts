import t from 'tap'
import { until } from '../../e2e/until.js'
import { jpeg, turn, wordsJpeg } from '../../fake-launch.js'
import { whole } from '../../jpegs.js'
import { build } from '../build.js'

t.test('a snapshot', async t => {
  t.test('is the newest picture, with its age', async t => {
    const { app, fleet, played, clock } = await build(t)
    fleet.start()
    played.frame('1')
    clock.advance(1_500)
    const answer = await app.inject('/camera/1/snapshot')
    t.match(answer, {
      statusCode: 200,
      headers: { 'content-type': 'image/jpeg', 'cache-control': 'no-store', 'x-frame-age': '1500', 'x-timestamp': '1767225600.000', 'content-length': `${jpeg.length}` }
    })
    t.ok(answer.rawPayload.equals(jpeg))
    t.equal(fleet.get('1').hub.viewers, 0)
    const head = await app.inject({ method: 'HEAD', url: '/camera/1/snapshot' })
    t.match(head, { statusCode: 200, headers: { 'content-length': `${jpeg.length}` }, body: '' })
  })

  t.test('has a header for a damaged picture', async t => {
    const { app, fleet, played } = await build(t)
    fleet.start()
    for (const damaged of [false, true]) {
      played.damage(damaged, '1')
      played.frame('1')
      t.equal((await app.inject('/camera/1/snapshot')).headers['x-damaged'], damaged ? '1' : undefined)
    }
  })

  t.test('counts as a viewer while it is under way', async t => {
    const { app, fleet, played } = await build(t, [{ id: '1', name: 'Yard', maxViewers: 2 }, { id: '2' }], { maxViewers: 2 })
    fleet.start()
    const waiting = [app.inject('/camera/1/snapshot'), app.inject('/camera/1/snapshot')]
    await until('two wait', () => fleet.get('1').hub.viewers === 2)
    const third = await app.inject('/camera/1/snapshot')
    t.match(third, { statusCode: 503, headers: { 'retry-after': '10' } })
    t.match(third.json(), { code: 'TOO_MANY_VIEWERS', message: /^Yard .*\(2\)/ })
    t.match((await app.inject('/camera/2/snapshot')).json(), { code: 'TOO_MANY_VIEWERS', message: /^camgate .*\(2\)/ })
    played.frame('1')
    for (const answer of waiting) t.equal((await answer).statusCode, 200)
    for (let i = 0; i < 5; i++) t.equal((await app.inject('/camera/1/snapshot')).statusCode, 200, 'no place is lost')
    t.equal((await app.inject('/camera/1/snapshot?rendition=nope')).statusCode, 404)
    t.equal((await app.inject('/camera/1/snapshot')).statusCode, 200)
  })

  t.test('waits briefly for a camera that is starting', async t => {
    const { app, fleet, played } = await build(t)
    fleet.start()
    const asked = app.inject('/camera/1/snapshot')
    await turn()
    await turn()
    played.frame('1')
    t.equal((await asked).statusCode, 200)
  })

  t.test('is never an old picture: if the camera is off, it shows the reason', async t => {
    const { app, fleet, played, clock } = await build(t)
    fleet.start()
    played.frame('1')
    played.exit(['[error] method DESCRIBE failed: 401 Unauthorized'], '1')
    const headers = { accept: 'application/json' }
    const answer = await app.inject('/camera/1/snapshot')
    t.match(answer, { statusCode: 503, headers: { 'retry-after': '1', 'cache-control': 'no-store', 'content-type': 'image/jpeg', 'x-camera-state': 'waiting' } })
    t.ok(answer.rawPayload.equals(wordsJpeg), 'a status frame')
    t.match(played.drawn.at(-1), { title: 'Yard', paragraphs: [/asks for a username and password/, /^since 1 Jan, 00:00:00 UTC$/], width: 64, height: 48 })
    t.ok(played.drawn.at(-1)!.over!.equals(jpeg), 'over the last picture')
    const toPrograms = await app.inject({ url: '/camera/1/snapshot', headers })
    t.match(toPrograms, { statusCode: 503, headers: { 'retry-after': '1' } })
    t.match(toPrograms.json(), { code: 'NO_PICTURE', message: /asks for a username and password/ })
    const late = app.inject({ url: '/camera/lab/snapshot', headers })
    await turn()
    await turn()
    clock.advance(5_000)
    t.match((await late).json(), { code: 'NO_PICTURE', message: 'Laboratory shows no picture: it is starting.' })
  })

  t.test('wakes an on-demand camera, and keeps it awake', async t => {
    const { app, fleet, played, clock } = await build(t, [{ onDemand: true }])
    fleet.start()
    const asked = app.inject('/camera/1/snapshot')
    await turn()
    await turn()
    t.equal(fleet.get('1').state.kind, 'starting')
    played.frame()
    t.equal((await asked).statusCode, 200)
    for (let i = 0; i < 5; i++) {
      clock.advance(6_000)
      played.frame()
      await app.inject('/camera/1/snapshot')
    }
    t.equal(played.attempts.length, 1)
    t.equal(played.stops(), 0)
    clock.advance(10_000)
    t.equal(played.stops(), 1)
  })

  t.test('of a rendition starts it, waits for its first picture, and finds it running the next time', async t => {
    const { app, fleet, played, clock } = await build(t, [{ renditions: [{ name: 'thumb', width: 32 }] }])
    const url = '/camera/1/snapshot?rendition=thumb'
    fleet.start()
    played.frame()
    const asked = app.inject(url)
    await until('it is being made', () => played.encodings.length === 1)
    clock.advance(70)
    played.encodings[0]!.onJpeg(whole(jpeg))
    t.match(await asked, { statusCode: 200, headers: { 'x-frame-age': '70', 'x-timestamp': '1767225600.000', 'content-length': `${jpeg.length}` } })
    clock.advance(6_000)
    played.frame()
    const again = app.inject(url)
    await until('it is given the newest picture', () => played.encodings[0]!.given.length === 2)
    played.encodings[0]!.onJpeg(whole(jpeg))
    t.match(await again, { statusCode: 200, headers: { 'x-frame-age': '0' } })
    const last = app.inject({ url, headers: { accept: 'application/json' } })
    await until('it is asked again', () => played.encodings[0]!.given.length === 3)
    played.encodings[0]!.onExit({ code: null, signal: 'SIGKILL', stderr: [] })
    t.match((await last).json(), { statusCode: 503, code: 'NO_PICTURE', message: 'ffmpeg was ended by SIGKILL.' })
    t.match(await app.inject(url), { statusCode: 503, headers: { 'x-camera-state': 'waiting', 'content-type': 'image/jpeg' } })
    t.match(await app.inject('/camera/1/snapshot'), { statusCode: 200 })
  })
})
