import { readFileSync } from 'node:fs'
import t from 'tap'
import type { AttemptEvents } from '../../src/capture/attempt.js'
import type { Failure } from '../../src/failure/failure.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { v4l2Launch } from '../../src/capture/v4l2-launch.js'
import type { V4l2Source } from '../../src/sources/v4l2.js'
import { until } from '../e2e/until.js'
import { camera, jpeg, pictureOf } from '../fake-launch.js'
import { remembered } from './remembered.js'

const said = (name: string) => readFileSync(new URL(`../e2e/v4l2/${name}.txt`, import.meta.url), 'utf8')
const of = (device: string, more: Partial<LiveCamera> = {}): LiveCamera<V4l2Source> => ({ ...camera, ...more, source: { type: 'v4l2', device } })
const install = { locate: async () => ({ path: 'ffmpeg' }) }
const busy: Failure = { code: 'busy', message: 'busy', deviceFault: true }
const gone: Failure = { code: 'no-device', message: 'gone', deviceFault: true }

/** A machine with these devices: each has a listing, or is `forbidden` or a `folder`. The test controls ffmpeg. */
function machine (nodes: Record<string, string>, cameras: LiveCamera[] = []) {
  const asked: string[] = []
  let answered = Promise.resolve()
  const runs: Array<{ camera: LiveCamera, device: string, events: AttemptEvents, stopped: boolean }> = []
  const launch = remembered(v4l2Launch(install, (camera, events) => {
    const run = { camera, device: (camera.source as V4l2Source).device, events, stopped: false }
    runs.push(run)
    return { lastFailure: undefined, input: () => null, stop: () => { run.stopped = true; events.onExit(undefined) } }
  }, () => cameras, {
    list: async () => Object.keys(nodes),
    lookAt: async device => {
      const node = nodes[device]
      return node === undefined ? 'missing' : node === 'forbidden' || node === 'folder' ? node : 'device'
    },
    async listFormats (_path, device) {
      asked.push(device)
      await answered
      return nodes[device]!
    }
  }))
  const start = (camera: LiveCamera<V4l2Source>) => {
    const ends: Array<Failure | undefined> = []
    return { ends, attempt: launch(camera, { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit: end => ends.push(end) }) }
  }
  const running = async (count: number) => {
    await until('ffmpeg runs', () => runs.length === count)
    return runs[count - 1]!
  }
  /** Makes devices answer only when the returned function is called. */
  const slow = () => {
    let answer = () => {}
    answered = new Promise(resolve => { answer = resolve })
    return answer
  }
  return { asked, runs, start, running, slow }
}

t.test('an attempt at a device', async t => {
  t.test('chooses the mode that fits, and does not scale it', async t => {
    const { start, running } = machine({ '/dev/video0': said('c920') })
    const cropped = { crop: { x: 320, y: 0, width: 640, height: 720 }, width: 360 }
    const attempts = [{ width: 640, height: 360 }, { width: 700 }, {}, { rotate: 90 as const, width: 360, height: 640 }, cropped].map(wanted => () => start(of('/dev/video0', wanted)))
    for (const [nth, size, width] of [[1, '640x360', undefined], [2, '800x448', 700], [3, '1280x720', undefined], [4, '640x360', undefined], [5, '960x720', 360]] as const) {
      const { attempt, ends } = attempts[nth - 1]!()
      const { camera } = await running(nth)
      t.match(camera, { width, source: { mode: { format: 'mjpeg', size: { width: Number(size.split('x')[0]), height: Number(size.split('x')[1]) } } } })
      attempt.stop()
      await until('it is over', () => ends.length === 1)
    }
  })
  t.test('uses the first device with pictures that no other camera uses', async t => {
    const { asked, start, running } = machine({ '/dev/video0': said('c920'), '/dev/video1': said('metadata'), '/dev/video2': said('usb-5mp'), '/dev/video3': said('c920') },
      [of('/dev/video2', { id: 'named' })])
    start(of('auto'))
    t.equal((await running(1)).device, '/dev/video0')
    const second = start(of('auto', { id: '2' }))
    t.equal((await running(2)).device, '/dev/video3')
    t.same(asked, ['/dev/video0', '/dev/video1', '/dev/video3'])
    start(of('/dev/video2', { id: 'named' }))
    t.equal((await running(3)).device, '/dev/video2')
    const third = start(of('auto', { id: '3' }))
    await until('the third finds none', () => third.ends.length === 1)
    t.match(third.ends, [{ code: 'busy', message: /are taken by other cameras/ }])
    second.attempt.stop()
    await until('the second is over', () => second.ends.length === 1)
    start(of('auto', { id: '4' }))
    t.equal((await running(4)).device, '/dev/video3', 'it is free again')
  })
  t.test('tries the next device until one shows a picture', async t => {
    const { start, running } = machine({ '/dev/video0': said('c920'), '/dev/video1': said('c920') })
    const { ends } = start(of('auto'))
    ;(await running(1)).events.onExit(busy)
    const { device, events } = await running(2)
    t.equal(device, '/dev/video1')
    events.onPicture(pictureOf(jpeg))
    events.onExit(gone)
    await until('it is over', () => ends.length === 1)
    t.same(ends, [gone])
  })
  t.test('names what is wrong with its device', async t => {
    const failure = async (device: string, nodes: Record<string, string>, cameras: LiveCamera[] = []) => {
      const { start, asked } = machine(nodes, cameras)
      const { ends } = start(of(device))
      await until('it is over', () => ends.length === 1)
      return { ...ends[0], asked }
    }
    t.match(await failure('/dev/video0', { '/dev/video0': said('missing') }), { code: 'no-device', message: /does not answer/, asked: ['/dev/video0'] }, 'it was unplugged')
    t.match(await failure('/dev/video0', { '/dev/video0': said('forbidden') }), { code: 'not-permitted' }, 'in a container, for example')
    t.match(await failure('/dev/video0', { '/dev/video0': said('metadata') }), { code: 'unsupported' })
    for (const device of ['/dev/video0', 'auto']) t.match(await failure(device, { '/dev/video0': 'forbidden' }), { code: 'not-permitted', message: /may not open \/dev\/video0/, asked: [] })
    t.match(await failure('/dev/video0', { '/dev/video0': 'folder' }), { code: 'no-device', message: /is a folder: Docker makes one/, asked: [] })
    t.match(await failure('/dev/video4', { '/dev/video0': 'c920', '/dev/video2': 'c920' }), { code: 'no-device', message: /no camera at \/dev\/video4: this machine has \/dev\/video0 and \/dev\/video2\./, asked: [] })
    t.match(await failure('/dev/video4', {}), { code: 'no-device', message: /this machine has no webcam\./, asked: [] })
    t.match(await failure('auto', {}), { code: 'no-device', message: /^There is no webcam at \/dev\/video0 to \/dev\/video9\. Is it/, asked: [] })
    t.match(await failure('auto', { '/dev/video11': said('c920') }), { code: 'no-device', message: /but there is \/dev\/video11: if it is the one, name it/, asked: [] })
    t.match(await failure('auto', { '/dev/video0': said('metadata') }), { code: 'unsupported', message: /^\/dev\/video0 gives no pictures/ })
    t.match(await failure('auto', { '/dev/video0': said('metadata'), '/dev/video1': said('encoder') }), { code: 'no-device', message: /no webcam among \/dev\/video0 and \/dev\/video1/ })
  })
  t.test('reports a device as taken only if another camera uses it', async t => {
    const none = machine({})
    const both = [none.start(of('auto')), none.start(of('auto', { id: '2' }))]
    await until('both are over', () => both.every(({ ends }) => ends.length === 1))
    for (const { ends } of both) t.match(ends, [{ code: 'no-device', message: /no webcam/ }])

    const one = machine({ '/dev/video0': said('c920') })
    const first = one.start(of('auto'))
    await one.running(1)
    for (const device of ['auto', '/dev/video0']) {
      const { ends } = one.start(of(device, { id: device }))
      await until('it is over', () => ends.length === 1)
      t.match(ends, [{ code: 'busy', message: /^\/dev\/video0 is taken by another camera of cameras\.yaml\./ }], device)
    }
    t.equal(first.ends.length, 0)
    const reserved = machine({ '/dev/video0': said('c920'), '/dev/video2': said('c920') }, [of('/dev/video0'), of('/dev/video2')]).start(of('auto'))
    await until('it is over', () => reserved.ends.length === 1)
    t.match(reserved.ends, [{ code: 'busy', message: /^\/dev\/video0 and \/dev\/video2 are taken by other cameras/ }])
  })
  t.test('waits while another camera probes a device, and then probes it itself', async t => {
    const { start, slow, asked, runs, running } = machine({ '/dev/video0': said('metadata'), '/dev/video1': said('c920'), '/dev/video2': said('usb-5mp') })
    const answer = slow()
    const attempts = ['1', '2', '3'].map(id => start(of('auto', { id })))
    await until('one of them asks', () => asked.length === 1)
    answer()
    await running(2)
    t.same(runs.map(({ device }) => device).sort(), ['/dev/video1', '/dev/video2'])
    const ends = () => attempts.flatMap(({ ends }) => ends)
    await until('one of them finds no device', () => ends().length === 1)
    t.match(ends(), [{ code: 'busy', message: /^\/dev\/video1 and \/dev\/video2 are taken/ }])
    t.equal(asked.filter(device => device === '/dev/video0').length, 3)
  })
  t.test('ends if it is stopped before it probes a device, and never starts ffmpeg', async t => {
    const { start, runs, asked } = machine({ '/dev/video0': said('c920') })
    const { ends, attempt } = start(of('auto'))
    attempt.stop()
    t.equal(ends.length, 0, 'not before it was returned')
    await until('it is over', () => ends.length === 1)
    t.same([ends, runs, asked], [[undefined], [], []])
  })
  t.test('ends if it is stopped while a device answers', async t => {
    for (const name of ['c920', 'forbidden']) {
      const { start, runs, asked, slow } = machine({ '/dev/video0': said(name) })
      const answer = slow()
      const { ends, attempt } = start(of('auto'))
      await until('it asks', () => asked.length === 1)
      attempt.stop()
      answer()
      await until('it is over', () => ends.length === 1)
      t.same([ends, runs, asked.length], [[undefined], [], 1], name)
    }
  })
  t.test('ends if ffmpeg is not found after a stop', async t => {
    let fail: ((error: Error) => void) | undefined
    const ends: Array<Failure | undefined> = []
    const launch = remembered(v4l2Launch({ locate: async () => await new Promise((_resolve, reject) => { fail = reject }) }, () => { throw new Error('never') }, () => []))
    const attempt = launch(of('/dev/null'), { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit: end => ends.push(end) })
    await until('it looks for ffmpeg', () => fail !== undefined)
    attempt.stop()
    fail!(new Error('aborted'))
    await until('it is over', () => ends.length === 1)
    t.same(ends, [undefined])
  })
  t.test('reports a missing ffmpeg', async t => {
    const ends: Array<Failure | undefined> = []
    const launch = remembered(v4l2Launch({ locate: async () => { throw Object.assign(new Error('none'), { code: 'ENOENT' }) } }, () => { throw new Error('never') }, () => []))
    launch(of('/dev/null'), { onPicture () {}, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit: end => ends.push(end) })
    await until('it is over', () => ends.length === 1)
    t.match(ends, [{ code: 'no-ffmpeg' }])
  })
})
