import { once } from 'node:events'
import t from 'tap'
import { until } from '../../e2e/until.js'
import { listen, view } from '../raw-viewer.js'

t.test('a viewer of a stream', async t => {
  t.test('is refused over the limit of its camera, or of all', async t => {
    const { app, fleet, open } = await listen(t, [{ id: '1', name: 'Yard', maxViewers: 2 }, { id: '2', maxViewers: 2 }], { maxViewers: 3 })
    const viewers = [open('/camera/1'), open('/camera/1'), open('/camera/2')]
    await until('three are there', () => fleet.get('1').hub.viewers + fleet.get('2').hub.viewers === 3)
    t.match(await app.inject('/camera/1'), { statusCode: 503, headers: { 'retry-after': '10' } })
    t.match((await app.inject('/camera/1')).json(), { code: 'TOO_MANY_VIEWERS', message: /Yard .* \(2\)/ })
    t.match((await app.inject('/camera/2')).json(), { code: 'TOO_MANY_VIEWERS', message: /camgate .* \(3\)/ })
    viewers[0]!.destroy()
    await until('one has left', () => fleet.get('1').hub.viewers === 1)
    const next = view(open('/camera/2'))
    await until('another takes its place', () => next.sequence.length === 1)
  })

  t.test('is forgotten once it leaves, even if it reads nothing', async t => {
    const { fleet, played, open } = await listen(t)
    fleet.start()
    const { hub } = fleet.get('1')
    const [reading, stuck] = [open('/camera/1'), open('/camera/1')]
    view(reading)
    stuck.pause()
    await until('both are there', () => hub.viewers === 2)
    for (let i = 0; i < 5_000 && hub.dropped === 0; i++) {
      played.frame()
      await new Promise(resolve => setImmediate(resolve))
    }
    t.ok(hub.dropped > 0, 'its connection is full')
    stuck.destroy()
    await until('the stuck one is gone', () => hub.viewers === 1)
    reading.end()
    reading.destroy()
    await until('both are gone', () => hub.viewers === 0)
  })

  t.test('that half-closes after its request goes on, and is forgotten once it has left', async t => {
    const { fleet, played, open } = await listen(t)
    fleet.start()
    const { hub } = fleet.get('1')
    const [socket, whole] = [open('/camera/1').end(), open('/camera/1').end()]
    const viewer = view(socket)
    await until('both are there', () => hub.viewers === 2)
    played.frame()
    await until('a picture', () => viewer.sequence.length === 1)
    whole.destroy()
    await until('the one that left is gone', () => {
      played.frame()
      return hub.viewers === 1
    })
    const before = viewer.sequence.length
    played.frame()
    await until('the other one has its next picture', () => viewer.sequence.length > before)
    socket.destroy()
    await until('nobody is left', () => {
      played.frame()
      return hub.viewers === 0
    })
  })

  t.test('is disconnected if it sends another request', async t => {
    const { fleet, open } = await listen(t)
    const socket = open('/camera/1')
    const viewer = view(socket)
    await until('a status frame', () => viewer.sequence.length === 1)
    socket.write('GET /status HTTP/1.1\r\nHost: camgate\r\n\r\n')
    await until('its connection is gone', () => socket.closed)
    t.equal(fleet.get('1').hub.viewers, 0)
    t.notMatch(viewer.text, /uptimeSeconds/)
  })

  t.test('has whole pictures to the end when the service closes', async t => {
    const { app, fleet, played, open } = await listen(t)
    fleet.start()
    const [one, stuck, plain] = [open('/camera/1'), open('/camera/lab'), open('/camera/1?status=off')]
    const [viewer, program] = [view(one), view(plain)]
    stuck.pause()
    await until('both are there', () => fleet.get('1').hub.viewers + fleet.get('lab').hub.viewers === 3)
    played.frame('1')
    const ended = Promise.all([one, plain].map(socket => once(socket, 'end')))
    await app.close()
    await ended
    t.equal(viewer.sequence[0], 1)
    t.equal(viewer.sequence.length, 2)
    t.match(viewer.text, /X-Sequence: 2\r\nX-Camera-State: ended\r\n/, 'a browser would show the last one for ever')
    t.same(program.sequence, [1], 'status=off')
  })
})
