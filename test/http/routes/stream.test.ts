import t from 'tap'
import { until } from '../../e2e/until.js'
import { jpeg, turn } from '../../fake-launch.js'
import { makeJpegs, whole } from '../../jpegs.js'
import { listen, view } from '../raw-viewer.js'

const larger = makeJpegs(1, '96x64')[0]!

t.test('a stream', async t => {
  t.test('is delimited by its connection, each part ended by the next boundary at once', async t => {
    const { fleet, played, open } = await listen(t)
    fleet.start()
    const socket = open('/camera/1')
    const viewer = view(socket)
    await until('the viewer is there', () => fleet.get('1').hub.viewers === 1)
    played.frame()
    await until('the first picture is whole, before there is a second', () => viewer.sequence.length === 1)
    played.frame()
    await until('the second picture', () => viewer.sequence.length === 2)
    t.same(viewer.sequence, [1, 2])
    const [head = ''] = viewer.text.split('\r\n\r\n')
    t.match(head, /^HTTP\/1\.1 200 OK/)
    for (const line of ['Content-Type: multipart/x-mixed-replace; boundary=camgate-frame', 'cache-control: no-store', 'X-Accel-Buffering: no', 'Connection: close', 'cross-origin-resource-policy: cross-origin']) {
      t.ok(head.includes(line), line)
    }
    t.notMatch(head, /Transfer-Encoding|Content-Length/i)
  })

  t.test('goes on through a stop and a start, with the newest picture first for later viewers', async t => {
    const { fleet, played, open } = await listen(t)
    fleet.start()
    const viewer = view(open('/camera/1'))
    await until('the viewer is there', () => fleet.get('1').hub.viewers === 1)
    played.frame()
    await until('the first picture', () => viewer.sequence.length === 1)
    const stop = fleet.get('1').stop()
    await until('a status frame instead', () => viewer.sequence.length === 2)
    played.exit()
    await stop
    await until('another status frame', () => viewer.sequence.length === 3)
    await fleet.get('1').start()
    await turn()
    played.frame()
    await until('the picture is back', () => viewer.sequence.length === 4)
    const late = view(open('/video_feed'))
    await until('a picture at once', () => late.sequence.length === 1)
    t.same([viewer.sequence, late.sequence], [[1, 'stopping 2', 'stopped 3', 4], [4]])
  })

  t.test('shows why there is no picture, at once and every second', async t => {
    const { clock, played, open } = await listen(t)
    const viewer = view(open('/camera/1'))
    await until('a status frame', () => viewer.sequence.length === 1)
    const late = view(open('/camera/1'))
    await until('the same status frame', () => late.sequence.length === 1)
    clock.advance(1_000)
    await until('the same status frame again', () => late.sequence.length === 2)
    t.same([viewer.sequence, late.sequence], [['stopped 1', 'stopped 2'], ['stopped 1', 'stopped 2']])
    t.match(played.drawn, [{ title: 'Yard', width: 640, height: 360, over: undefined }])
    t.equal(played.drawn.length, 1, 'drawn once for all')
  })

  t.test('has only pictures for clients that ask for that, and for programs with libavformat', async t => {
    const { fleet, played, open } = await listen(t)
    const programs = [open('/camera/1?status=off'), open('/video_feed', 'GET', 'User-Agent: Lavf/59.27.100\r\n')]
    const people = [open('/camera/1'), open('/camera/1?status=on', 'GET', 'User-Agent: Lavf/59.27.100\r\n')].map(view)
    const viewers = programs.map(view)
    await until('people see a status frame', () => people.every(({ sequence }) => sequence.length === 1))
    fleet.start()
    played.frame()
    await until('all see the picture', () => [...viewers, ...people].every(({ sequence }) => sequence.at(-1) === 2))
    t.same([...viewers, ...people].map(({ sequence }) => sequence), [[2], [2], ['stopped 1', 2], ['stopped 1', 2]])
    played.frame('1', larger)
    await until('their streams end with the size', () => programs.every(socket => socket.closed))
    t.same(viewers.map(({ text }) => text.match(/X-Sequence/g)?.length), [1, 1])
    await until('their places are free', () => fleet.get('1').hub.viewers === 2)
  })

  t.test('begins with the full picture for rendition=auto, with or without configured renditions', async t => {
    for (const renditions of [[], [{ name: 'low', width: 32 }]]) {
      const { app, fleet, played, open } = await listen(t, [{ id: '1', name: 'Yard', renditions }])
      fleet.start()
      const socket = open('/camera/1?rendition=auto')
      const viewer = view(socket)
      await until('the viewer is there', () => fleet.get('1').hub.viewers === 1)
      played.frame()
      played.frame()
      await until('its pictures', () => viewer.sequence.length === 2)
      t.same(viewer.sequence, [1, 2])
      const { watching, renditions: named } = (await app.inject('/status/1')).json()
      t.equal(watching.length, 1)
      t.same(Object.keys(named), renditions.length > 0 ? ['low'] : ['w640', 'w320'])
      t.equal(played.encodings.length, 0, 'none is made yet')
      t.equal((await app.inject({ method: 'HEAD', url: '/camera/1?rendition=auto' })).statusCode, 200)
      t.equal((await app.inject('/camera/1/snapshot?rendition=auto')).statusCode, 200, 'a snapshot is of the full picture')
      socket.destroy()
      await until('nobody is left', () => fleet.get('1').hub.viewers === 0)
    }
  })

  t.test('has the requested rendition', async t => {
    const renditions = [{ name: 'thumb', width: 32 }, { name: 'low', quality: 9 }]
    const { app, clock, fleet, played, open } = await listen(t, [{ id: '1', name: 'Yard', maxViewers: 2, renditions }])
    fleet.start()
    played.frame()
    const [thumb, full] = [view(open('/video_feed?rendition=thumb&fps=1')), view(open('/camera/1?rendition=full'))]
    await until('it is being made', () => played.encodings.length === 1 && fleet.get('1').status().viewers === 1)
    const [encoding] = played.encodings as [typeof played.encodings[number]]
    for (let i = 0, made = 0; i < 13; i++) {
      if (i > 0) played.frame()
      for (; made < encoding.given.length; made++) encoding.onJpeg(whole(jpeg))
      clock.advance(250)
    }
    await until('both have pictures', () => thumb.sequence.length === 4 && full.sequence.length > 3)
    t.same(thumb.sequence, [1, 2, 3, 4], 'no more are made')
    t.match((await app.inject('/camera/1?rendition=low')).json(), { code: 'TOO_MANY_VIEWERS' }, 'all renditions of a camera count')
    t.match((await app.inject('/status/1')).json(), {
      viewers: 1, watching: [{ fps: Number }], renditions: { thumb: { state: 'running', viewers: 1, watching: [{ from: '127.0.0.x' }], framesTotal: 4 }, low: { state: 'idle', width: null, watching: [] } }
    })
    t.match((await app.inject('/camera/1?rendition=big')).json(), { statusCode: 404, code: 'RENDITION_NOT_FOUND', message: 'Yard has no rendition "big". It has: full, auto, thumb, low.' })
    for (const url of ['/camera/1/snapshot?rendition=big', '/camera/1?rendition=', '/video_feed?rendition=__proto__']) {
      t.equal((await app.inject(url)).statusCode, 404, url)
    }
    t.equal((await app.inject({ method: 'HEAD', url: '/camera/1?rendition=low' })).statusCode, 200)
    t.equal((await app.inject({ method: 'HEAD', url: '/camera/1?rendition=big' })).statusCode, 404)
    t.equal(played.encodings.length, 1)
  })

  t.test('answers HEAD without a viewer', async t => {
    const { fleet, open } = await listen(t)
    const viewer = view(open('/camera/1', 'HEAD'))
    await until('an answer', () => viewer.text.includes('\r\n\r\n'))
    t.match(viewer.text, /^HTTP\/1\.1 200 OK[^]*multipart\/x-mixed-replace/)
    t.equal(fleet.get('1').hub.viewers, 0)
  })

  t.test('has the requested rate', async t => {
    const { fleet, played, clock, open } = await listen(t)
    fleet.start()
    const viewer = view(open('/camera/1?fps=5'))
    await until('the viewer is there', () => fleet.get('1').hub.viewers === 1)
    for (let i = 0; i < 20; i++) {
      played.frame()
      clock.advance(50)
      await new Promise(resolve => setImmediate(resolve))
    }
    await until('its pictures', () => viewer.sequence.length >= 6)
    t.same(viewer.sequence, [1, 2, 5, 9, 13, 17])
  })
})
