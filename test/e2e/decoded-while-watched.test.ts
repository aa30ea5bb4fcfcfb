import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { small } from '../simulator/small.js'
import { Ages } from './ages.js'
import { childrenOf, isAlive } from './processes.js'
import { startService } from './service.js'
import { until } from './until.js'
import { view, type Viewer } from './viewer.js'

/** Long enough that no number in a picture appears twice. */
const clipSeconds = 10
const KEY_INTERVAL_MS = 1_000
const LONG_KEY_INTERVAL_MS = 5_000
/** A decoder is kept for 10 s after its last viewer. */
const LINGER_MS = [9_500, 13_000] as const
/** For a first picture, on a busy machine. */
const MAX_AGE_MS = 500
/** Each ffmpeg is known by its width. Pictures are not scaled up, so those of 320 and more keep their size, and the numbers in them. */
const widths = { watched: 320, half: 160, seldom: 330, always: 340, demand: 350 }

const simulator = await startSimulator({
  ffmpegPath: findFfmpeg()!,
  cameras: [
    ...['watched', 'always', 'demand'].map(id => ({ ...small, id, clipSeconds })),
    { ...small, id: 'seldom', clipSeconds, quirks: ['long-gop'] }
  ]
})
t.teardown(() => simulator.close())
const camera = (id: keyof typeof widths, more: object = {}) => ({ source: simulator.url(id), width: widths[id], fps: 60, ...more })
const config = {
  cameras: {
    watched: camera('watched', { renditions: { half: { width: widths.half } } }),
    seldom: camera('seldom'),
    always: camera('always', { decode: 'always' }),
    demand: camera('demand', { onDemand: true })
  }
}

t.test('a camera is decoded while somebody watches', { timeout: 150_000 }, async t => {
  const service = await startService(t, { config: join(t.testdir({ 'cameras.yaml': JSON.stringify(config) }), 'cameras.yaml') })
  const ffmpegs = (of: keyof typeof widths) => childrenOf(service.pid).filter(({ command }) => command.includes(`min(iw,${widths[of]})`)).map(({ pid }) => pid)
  const statusOf = async (id: string) => (await service.status()).cameras[id]!
  const watch = (t: Test, path: string) => view(t, new URL(`camera/${path}`, service.url))
  const seesMore = (viewer: Viewer) => {
    const seen = viewer.live.length
    return until('it sees more pictures', () => viewer.live.length > seen + 5)
  }
  const flawless = (t: Test, { faults, skipped, parts, live }: Viewer) => {
    t.same({ faults, skipped, words: parts.length - live.length }, { faults: [], skipped: 0, words: 0 })
    const pauses = live.slice(1).map(({ timestamp }, i) => timestamp - live[i]!.timestamp)
    t.ok(Math.max(...pauses) < 1_000, `at most ${Math.max(...pauses)} ms from one picture to the next`)
  }
  /** Waits for its ffmpeg to end, and returns after how many ms it did. */
  const lingers = async (of: keyof typeof widths, from: number) => {
    await until(`the ffmpeg of ${of} has ended`, () => ffmpegs(of).length === 0, LINGER_MS[1])
    return performance.now() - from
  }
  const snapshot = async (t: Test, id: keyof typeof simulated) => {
    const asked = performance.now()
    const answer = await fetch(new URL(`camera/${id}/snapshot`, service.url))
    const jpeg = Buffer.from(await answer.arrayBuffer())
    const came = performance.now()
    const age = await simulated[id].of(jpeg, came)
    t.equal(answer.status, 200)
    t.ok(age < MAX_AGE_MS, `it is ${age} ms old`)
    return came - asked
  }
  const ages = (id: string) => new Ages(t, simulator, id, clipSeconds * small.fps)
  const simulated = { watched: ages('watched'), seldom: ages('seldom'), demand: ages('demand') }
  const readOnce = { connectionsTotal: 1, playsTotal: 1, teardowns: 0 }

  t.test('and only read while nobody does', async t => {
    const { cameras } = await service.until(({ cameras: { watched, seldom, always } }) => watched!.input?.keyIntervalMs != null && seldom!.input?.group != null && always!.fps > 15, 'all are read')
    const idle = { state: 'running', failure: null, framesTotal: 0, frameAgeMs: null, decoder: { name: null, state: 'idle', failure: null, for: null, overloaded: null } }
    t.match(cameras, { watched: idle, seldom: idle })
    t.match(cameras.always, { state: 'running', decoder: { name: 'software', state: 'running', for: 'always' } })
    t.match(cameras.watched!.input, { ingest: 'direct', codec: 'h264', width: 320, height: 240, groupExceeded: null, group: { pictures: Number, bytes: Number, durationMs: Number } })
    t.ok(Math.abs(cameras.watched!.input!.keyIntervalMs! - KEY_INTERVAL_MS) < 300, `a key picture every ${cameras.watched!.input!.keyIntervalMs} ms`)
    t.ok(cameras.watched!.input!.pictureAgeMs! < 1_000)
    t.same(childrenOf(service.pid).map(({ pid }) => pid), ffmpegs('always'), 'there is no other process')
    t.match(cameras.demand, { state: 'idle', input: null, decoder: null })
    t.equal(simulator.stats('demand').connectionsTotal, 0, 'that is only for a camera that is read')
  })

  t.test('whose snapshot is fresh and does not wait for a key picture', async t => {
    await service.until(({ cameras }) => {
      const ms = cameras.seldom!.input?.group?.durationMs ?? 0
      return ms > 1_000 && ms < LONG_KEY_INTERVAL_MS / 2
    }, 'the next key picture is far away')
    const ms = await snapshot(t, 'seldom')
    t.ok(ms < LONG_KEY_INTERVAL_MS / 2, `after ${ms} ms`)
    await snapshot(t, 'demand')
    t.match(await statusOf('seldom'), { decoder: { for: 'linger' } })
  })

  t.test('by one decoder for all viewers, whose first picture is fresh', async t => {
    await snapshot(t, 'watched')
    const viewers = [watch(t, 'watched'), watch(t, 'watched')]
    await Promise.all(viewers.map(seesMore))
    t.equal(ffmpegs('watched').length, 1)
    for (const viewer of viewers) flawless(t, viewer)
    t.match(await statusOf('watched'), { decoder: { name: 'software', state: 'running', for: 'viewers' }, width: 320, frameAgeMs: Number })
  })

  t.test('by one that may be killed: the camera goes on being read, and viewers see it again', async t => {
    const viewer = watch(t, 'watched')
    await seesMore(viewer)
    process.kill(ffmpegs('watched')[0]!, 'SIGKILL')
    const { cameras } = await service.until(({ cameras }) => cameras.watched!.decoder?.failure != null, 'its failure is told')
    t.match(cameras.watched, { state: 'running', failure: null, restarts: 0, decoder: { failure: { code: 'exited', message: /SIGKILL/ } } })
    await until('its viewer is told', () => viewer.last!.state === 'waiting')
    await until('and sees it again', () => viewer.last!.state === undefined)
    await seesMore(viewer)
    t.same(viewer.faults, [])
    t.match(await statusOf('watched'), { decoder: { state: 'running', failure: null } })
    t.match(simulator.stats('watched'), readOnce)
  })

  t.test('whose rendition comes and goes unnoticed, and until 10 s after the last viewer', async t => {
    const full = watch(t, 'watched')
    await seesMore(full)
    const half = watch(t, 'watched?rendition=half')
    await seesMore(half)
    t.same([ffmpegs('watched').length, ffmpegs('half').length], [1, 1])
    await half.leave()
    t.ok(await lingers('half', performance.now()) > LINGER_MS[0])
    await seesMore(full)
    flawless(t, full)
    await full.leave()
    const from = performance.now()
    await service.until(({ cameras }) => cameras.watched!.decoder?.for === 'linger', 'it lingers')
    t.ok(await lingers('watched', from) > LINGER_MS[0])
    await service.until(({ cameras }) => cameras.watched!.decoder?.state === 'idle', 'it is only read again')
    t.match(await statusOf('watched'), { state: 'running', frameAgeMs: null, decoder: { name: null, for: null } })
    await until('the camera that is not read without viewers is left', () => simulator.stats('demand').connections === 0)
    const again = watch(t, 'watched?rendition=half')
    await seesMore(again)
    t.same([ffmpegs('watched').length, ffmpegs('half').length], [0, 1], 'a rendition that is watched alone needs no full picture')
    await snapshot(t, 'watched')
    t.match(simulator.stats('watched'), readOnce)
  })

  t.test('and until it is stopped', async t => {
    const viewers = [watch(t, 'watched'), watch(t, 'watched?rendition=half')]
    await Promise.all(viewers.map(seesMore))
    const pids = [...ffmpegs('watched'), ...ffmpegs('half')]
    t.equal(pids.length, 2)
    const answer = await fetch(new URL('stop/watched', service.url), { method: 'POST' })
    t.match(await answer.json(), { state: 'stopped' })
    t.same(pids.filter(isAlive), [], 'they are gone before the answer comes')
    t.match(simulator.stats('watched'), { connections: 0, teardowns: 1 })
    t.match(await statusOf('watched'), { state: 'stopped', input: null, decoder: null })
    await fetch(new URL('start/watched', service.url), { method: 'POST' })
    await Promise.all(viewers.map(seesMore))
    t.match(await service.end(), { code: 0, signal: null })
  })
})
