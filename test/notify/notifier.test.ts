import { EventEmitter, once, setMaxListeners } from 'node:events'
import t, { type Test } from 'tap'
import type { NotifyTarget } from '../../src/config/notify/target.js'
import { CameraEvents } from '../../src/events/camera-events.js'
import { Notifier, type NotifierParts } from '../../src/notify/notifier.js'
import type { Outcome, Post } from '../../src/notify/post.js'
import type { CameraStatus } from '../../src/stream/status.js'
import { HIDDEN, redact } from '../../src/text/redact.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'
import { cameraStatus } from '../status.js'

class FakeCamera extends EventEmitter<{ change: [] }> {
  readonly camera: { readonly id: string }
  now: CameraStatus
  constructor (id: string, state: CameraStatus['state'] = 'running') {
    super()
    this.camera = { id }
    this.now = { ...cameraStatus, name: `Camera ${id}`, state }
  }

  status () { return this.now }
  become (state: CameraStatus['state'], failure: CameraStatus['failure'] = null) {
    this.now = { ...this.now, state, failure }
    this.emit('change')
  }

  fail () { this.become('waiting', { code: 'unreachable', message: 'Nothing answers.', since: '2026-01-01T00:00:00.000Z' }) }
  run () { this.become('running') }
}

const OK: Outcome = { kind: 'answered', status: 200 }
const target: NotifyTarget = { url: 'http://127.0.0.1:9/hook', on: ['down', 'up'], afterMs: 30_000, cameras: 'all' }
const idsIn = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`)

/** A notifier whose messages a test answers. They are told as `down: c0 c1`. */
function notifying (t: Test, { cameras = ['a', 'b'].map(id => new FakeCamera(id)), targets = [target], answer = async () => OK, parts = {} }: {
  cameras?: FakeCamera[], targets?: NotifyTarget[], answer?: (post: Post) => Promise<Outcome>, parts?: Partial<NotifierParts>
} = {}) {
  const clock = new FakeClock()
  const fleet = Object.assign(new EventEmitter<{ change: [] }>(), { all: cameras })
  const events = new CameraEvents(fleet, clock)
  const told: string[] = []
  const posts: Post[] = []
  const notifier = new Notifier({
    events,
    targets,
    places: () => [],
    clock,
    random: () => 0,
    log: { info () {}, warn () {} },
    post: async (post, { signal }) => {
      setMaxListeners(0, signal)
      const { type, data } = JSON.parse(post.body)
      posts.push(post)
      told.push(`${type.replace('camera.', '')}: ${data.cameras.map(({ id }: { id: string }) => id).join(' ')}`)
      return await Promise.race([answer(post), once(signal, 'abort').then((): Outcome => ({ kind: 'failed', reason: 'closed' }))])
    },
    ...parts
  })
  t.teardown(async () => {
    const closed = notifier.close()
    clock.advance(10_000)
    await closed
  })
  const pass = async (ms: number) => {
    await turn()
    for (const end = clock.now() + ms; clock.now() < end;) {
      clock.advance(Math.min(500, end - clock.now()))
      await turn()
    }
  }
  const have = (...all: FakeCamera[]) => {
    fleet.all = all
    fleet.emit('change')
  }
  notifier.start()
  clock.advance(1_000) // the first look
  return { clock, cameras, events, told, posts, notifier, pass, have }
}

t.test('a notifier', async t => {
  t.test('tells of a camera that is down for long enough, and that it is up again', async t => {
    const { cameras: [a], told, posts, pass } = notifying(t)
    a!.fail()
    await pass(29_000)
    t.same(told, [])
    await pass(4_000)
    t.same(told, ['down: a'])
    t.match(JSON.parse(posts[0]!.body), { type: 'camera.down', data: { cameras: [{ id: 'a', name: 'Camera a', state: 'waiting', failure: { code: 'unreachable', message: 'Nothing answers.' } }] } })
    a!.run()
    await pass(9_000)
    t.same(told, ['down: a'])
    await pass(5_000)
    t.same(told, ['down: a', 'up: a'])
  })

  t.test('does not tell of a camera that comes back in time', async t => {
    const { cameras: [a], told, pass } = notifying(t)
    a!.fail()
    await pass(20_000)
    a!.run()
    await pass(120_000)
    t.same(told, [])
  })

  t.test('tells of a camera that flaps once', async t => {
    const { cameras: [a], told, pass } = notifying(t)
    for (let i = 0; i < 60; i++) {
      a!.fail()
      await pass(5_000)
      a!.run()
      await pass(7_000)
    }
    t.same(told, ['down: a'])
    await pass(10_000)
    t.same(told, ['down: a', 'up: a'])
  })

  t.test('tells nothing when camgate starts and all cameras come up, and of those that never do', async t => {
    const { cameras: [a, b], told, pass } = notifying(t, { cameras: [new FakeCamera('a', 'starting'), new FakeCamera('b', 'starting'), new FakeCamera('c', 'stopped')], targets: [{ ...target, on: ['down', 'up', 'stopped', 'started'] }] })
    a!.run()
    await pass(8_000)
    b!.fail()
    await pass(60_000)
    t.same(told, ['down: b'])
  })

  t.test('tells together what happens within a second', async t => {
    const cameras = idsIn(60).map(id => new FakeCamera(id))
    const { told, pass } = notifying(t, { cameras })
    for (const [index, camera] of cameras.entries()) {
      camera.fail()
      if (index % 20 === 19) await pass(500)
    }
    await pass(40_000)
    t.same(told, [`down: ${idsIn(50).join(' ')}`, `down: ${idsIn(60).slice(50).join(' ')}`], 'in messages of 50 cameras')
  })

  t.test('tells of starts and stops if it is asked to', async t => {
    const { cameras: [a], told, pass } = notifying(t, { targets: [{ ...target, on: ['stopped', 'started'] }] })
    a!.become('stopping')
    a!.become('stopped')
    await pass(3_000)
    a!.become('starting')
    await pass(3_000)
    a!.fail()
    await pass(60_000)
    t.same(told, ['stopped: a', 'started: a'])
  })

  t.test('tells an end of a failure that was told before the camera was stopped', async t => {
    const { cameras: [a], told, pass } = notifying(t)
    a!.fail()
    await pass(40_000)
    a!.become('stopped')
    await pass(100_000)
    a!.become('starting')
    a!.run()
    await pass(15_000)
    t.same(told, ['down: a', 'up: a'])
  })

  t.test('forgets a camera that is removed, and takes a new one for what it is', async t => {
    const { cameras: [a, b], told, pass, have } = notifying(t, { targets: [{ ...target, on: ['down', 'up', 'stopped', 'started'] }] })
    a!.fail()
    await pass(40_000)
    have(b!)
    await pass(5_000)
    have(b!, new FakeCamera('a'), new FakeCamera('new', 'stopped'))
    await pass(60_000)
    t.same(told, ['down: a'])
  })

  t.test('compares with what was told only after a message has arrived', async t => {
    let answer = (_outcome: Outcome) => {}
    const { cameras: [a, b], told, pass } = notifying(t, { answer: () => new Promise(resolve => { answer = resolve }) })
    a!.fail()
    await pass(40_000)
    b!.fail()
    await pass(40_000)
    b!.run()
    await pass(60_000)
    a!.run()
    await pass(60_000)
    t.same(told, ['down: a'])
    answer(OK)
    await pass(2_000)
    t.same(told, ['down: a', 'up: a'], 'b failed and recovered meanwhile')
  })

  t.test('tells anew how things are when a message has become too old', async t => {
    let outcome: Outcome = { kind: 'failed', reason: 'ECONNREFUSED' }
    const { cameras: [a, b], told, posts, pass } = notifying(t, { answer: async () => outcome })
    a!.fail()
    await pass(40_000)
    b!.fail()
    await pass(3_000_000)
    t.same([...new Set(told)], ['down: a'])
    a!.run()
    await pass(700_000)
    outcome = OK
    await pass(400_000)
    t.same([...new Set(told)], ['down: a', 'down: b'], 'a has recovered')
    t.ok(new Set(posts.map(({ headers }) => headers['webhook-id'])).size < 5)
  })

  t.test('does not wait for one target because of another', async t => {
    const { cameras: [a], told, pass } = notifying(t, { targets: [target, { ...target, url: 'http://127.0.0.1:10/', on: ['down'] }], answer: async ({ url }) => url === target.url ? await new Promise(() => {}) : OK })
    a!.fail()
    await pass(40_000)
    t.same(told, ['down: a', 'down: a'])
  })

  t.test('keeps what a target was told when its settings change', async t => {
    const { cameras: [a, b], told, posts, notifier, pass } = notifying(t)
    a!.fail()
    await pass(40_000)
    const second: NotifyTarget = { ...target, url: 'http://127.0.0.1:10/second' }
    notifier.apply([second, { ...target, afterMs: 60_000 }])
    await pass(2_000)
    t.same(posts.map(({ url }) => url), [target.url, second.url], 'a new target is told what is down')
    b!.fail()
    await pass(40_000)
    t.same(told.slice(2), ['down: b'])
    notifier.apply([])
    await pass(60_000)
    t.equal(told.length, 3)
  })

  t.test('hides the secrets of its targets while they are there', async t => {
    const { notifier } = notifying(t, { targets: [{ ...target, url: 'https://hook.lan/services/T00000000/B1', key: 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0' }] })
    t.equal(redact('at services/T00000000/B1 with c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0'), `at ${HIDDEN} with ${HIDDEN}`)
    notifier.apply([])
    t.equal(redact('at services/T00000000/B1'), 'at services/T00000000/B1')
  })

  t.test('posts nothing to a camera whose name has the same address', async t => {
    const lines: string[] = []
    const asked: string[] = []
    const failing = new FakeCamera('a')
    const { pass, posts } = notifying(t, {
      cameras: [failing],
      targets: [{ ...target, url: 'http://hook.lan/', afterMs: 0 }],
      parts: {
        post: undefined,
        places: () => [{ camera: 'yard', host: 'cam.lan', port: 554 }],
        resolve: async name => {
          asked.push(name)
          return [{ address: '192.168.1.20', family: 4 }]
        },
        log: { info () {}, warn: (line: string) => { lines.push(line) } } as never
      }
    })
    failing.fail()
    await pass(1_500)
    while (lines.length === 0) await turn()
    t.same(lines, ['Notifications do not reach http://hook.lan (notify[0]): it has the address of the camera yard. camgate goes on trying.'])
    t.same([asked, posts], [['cam.lan', 'hook.lan'], []])
  })

  t.test('is closed within half a second', async t => {
    const { cameras: [a], notifier, clock, pass } = notifying(t, { answer: () => new Promise(() => {}) })
    a!.fail()
    await pass(40_000)
    let isClosed = false
    const closed = notifier.close().finally(() => { isClosed = true })
    a!.become('stopped')
    clock.advance(499)
    await turn()
    t.equal(isClosed, false)
    clock.advance(1)
    await closed
    t.equal(clock.pending, 0)
  })

  t.test('is closed as fast while the names of cameras cannot be resolved', async t => {
    const camera = new FakeCamera('a')
    const { notifier, clock, told, pass } = notifying(t, { cameras: [camera], targets: [{ ...target, afterMs: 0 }], parts: { places: () => [{ camera: 'a', host: 'cam.lan', port: 554 }], resolve: async () => await new Promise(() => {}) } })
    camera.fail()
    await pass(1_500)
    let isClosed = false
    const closed = notifier.close().finally(() => { isClosed = true })
    clock.advance(500)
    await turn()
    t.same([isClosed, told], [true, ['down: a']])
    await closed
  })

  t.test('holds one message a target, however many cameras flap', async t => {
    const cameras = idsIn(500).map(id => new FakeCamera(id))
    let open = 0
    let most = 0
    const { told, pass } = notifying(t, {
      cameras,
      targets: [{ ...target, afterMs: 0 }],
      answer: async () => {
        most = Math.max(most, ++open)
        await turn()
        open--
        return OK
      }
    })
    for (let i = 0; i < 5; i++) {
      for (const camera of cameras) camera.fail()
      await pass(20_000)
      for (const camera of cameras) camera.run()
      await pass(30_000)
    }
    t.equal(most, 1)
    t.equal(told.length, 100, 'ten messages for each of ten changes')
  })
})
