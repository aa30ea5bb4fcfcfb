import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { Cameras, type Known } from '../../../src/dashboard/cameras/cameras.js'
// @ts-ignore: as above
import type { News } from '../../../src/dashboard/cameras/feed.js'
import { cameraStatus, decoderStatus } from '../../status.js'
import { settled, StillClock } from '../still-clock.js'

const reportOf = (states: Record<string, Partial<typeof cameraStatus>>): Known => ({
  report: { status: 'ok', version: '1', uptimeSeconds: 0, config: { loadedAt: '', error: null, restartNeeded: [] }, order: Object.keys(states), cameras: Object.fromEntries(Object.entries(states).map(([id, state]) => [id, { ...cameraStatus, ...state }])) },
  serverNow: Date.now()
})

function watching () {
  const clock = new StillClock()
  const asked: { answer: (value: Known | null) => void, refuse: (error: Error) => void }[] = []
  const heard: string[] = []
  const feed: string[] = []
  let tell = (_news: News) => {}
  let newest: Known | null = null
  const cameras = new Cameras((signal: AbortSignal) => new Promise((resolve, reject) => {
    asked.push({ answer: resolve, refuse: reject })
    signal.addEventListener('abort', () => reject(signal.reason))
  }), (answer: { value: Known | null } | { error: Error }) => {
    if ('value' in answer) newest = answer.value
    heard.push('error' in answer ? answer.error.message : answer.value === null ? 'nobody' : Object.entries(answer.value.report.cameras as Record<string, typeof cameraStatus>).map(([id, { state }]) => `${id} ${state}`).join())
  }, (told: (news: News) => void) => {
    tell = told
    return { start: () => feed.push('start'), renew: () => feed.push('renew'), stop: () => feed.push('stop') }
  }, clock)
  const answer = async (value: Known | null) => {
    asked.at(-1)!.answer(value)
    await settled()
  }
  const { name, state, since, failure, nextRetryAt, restarts, viewers, fps, frameAgeMs } = cameraStatus
  const camera = (id: string, change: object): News => ({ kind: 'camera', data: { id, name, state, since, failure, nextRetryAt, decoder: null, restarts, viewers, fps, frameAgeMs, ...change } })
  return { clock, asked, heard, feed, cameras, answer, tell: (news: News) => tell(news), camera, get newest () { return newest } }
}

t.test('what is known of the cameras', async t => {
  t.test('comes from /status, and changes at once when it is told', async t => {
    const { cameras, answer, tell, camera, heard, asked } = watching()
    void cameras.now()
    await answer(reportOf({ 1: {}, 2: {} }))
    tell(camera('2', { state: 'stopped' }))
    t.same(heard, ['1 running,2 running', '1 running,2 stopped'])
    t.equal(asked.length, 1)
  })

  t.test('loses cameras that are gone, and takes over another order, as soon as that is told', async t => {
    const known = watching()
    void known.cameras.now()
    await known.answer(reportOf({ 1: {}, 2: {}, 10: {} }))
    known.tell({ kind: 'cameras', data: { order: ['10', '1'] } })
    t.same(known.newest!.report.order, ['10', '1'])
    t.same(Object.keys(known.newest!.report.cameras), ['1', '10'])
    t.equal(known.asked.length, 1)
    known.tell({ kind: 'cameras', data: { order: ['10', '1'] } })
    t.equal(known.heard.length, 2, 'that is no news')
  })

  t.test('has a camera that is new from /status, which it asks at once', async t => {
    const known = watching()
    void known.cameras.now()
    await known.answer(reportOf({ 1: {} }))
    known.tell(known.camera('new', {}))
    known.tell({ kind: 'cameras', data: { order: ['new', '1'] } })
    t.equal(known.asked.length, 2)
    await known.answer(reportOf({ new: {}, 1: {} }))
    t.same(Object.keys(known.newest!.report.cameras), ['1', 'new'])
  })

  t.test('does not get back a camera from an answer that is older than its end', async t => {
    const known = watching()
    void known.cameras.now()
    await known.answer(reportOf({ 1: {}, 2: {} }))
    void known.cameras.now()
    known.tell({ kind: 'cameras', data: { order: ['2'] } })
    await known.answer(reportOf({ 1: {}, 2: {} }))
    t.same(known.newest!.report.order, ['2'])
    void known.cameras.now()
    await known.answer(reportOf({ 1: {}, 2: {} }))
    t.same(known.newest!.report.order, ['1', '2'], 'but from a newer one')
  })

  t.test('keeps what is not told', async t => {
    const known = watching()
    void known.cameras.now()
    await known.answer(reportOf({ 1: { decoder: decoderStatus, address: 'here' } }))
    const { state, since, failure, nextRetryAt } = decoderStatus
    known.tell(known.camera('1', { decoder: { state: 'waiting', since, failure, nextRetryAt }, fps: 1 }))
    t.same(known.newest!.report.cameras[1], { ...cameraStatus, address: 'here', fps: 1, decoder: { ...decoderStatus, state: 'waiting' } })
    known.tell({ kind: 'figures', data: { id: '1', viewers: 9, fps: 2, frameAgeMs: 7 } })
    t.match(known.newest!.report.cameras[1], { viewers: 9, fps: 2, frameAgeMs: 7, decoder: { state: 'waiting', notes: [] } })
    known.tell(known.camera('1', { decoder: null }))
    known.tell(known.camera('1', { decoder: { state, since, failure, nextRetryAt } }))
    t.match(known.newest!.report.cameras[1], { decoder: { state, name: null, notes: [] } }, 'a decoder that is new')
  })

  t.test('is not set back by an answer that is older', async t => {
    const { cameras, answer, tell, camera, heard, clock } = watching()
    void cameras.now()
    tell(camera('1', { state: 'stopped' }))
    await answer(reportOf({ 1: { state: 'stopping' } }))
    t.same(heard, ['1 stopped'])
    await clock.pass(1_000)
    await answer(reportOf({ 1: { state: 'starting' } }))
    t.same(heard, ['1 stopped', '1 starting'], 'but the next request was sent later')
  })

  t.test('holds no camera that /status does not have', async t => {
    const { cameras, answer, tell, camera, heard } = watching()
    void cameras.now()
    await answer(reportOf({ 1: {} }))
    tell(camera('9', {}))
    tell(camera('__proto__', {}))
    tell({ kind: 'all', data: { cameras: { 9: cameraStatus, 1: { ...cameraStatus, state: 'idle' } } } })
    t.equal(heard.at(-1), '1 idle')
  })

  t.test('is told further on while nobody looks', async t => {
    const { cameras, answer, tell, camera, heard, clock, asked } = watching()
    void cameras.now()
    await answer(reportOf({ 1: {} }))
    cameras.stop()
    await clock.pass(60_000)
    tell(camera('1', { state: 'stopped' }))
    tell({ kind: 'lost' })
    t.same([heard.at(-1), asked.length], ['1 stopped', 1])
  })

  t.test('is no error if /status cannot be asked while changes are told', async t => {
    const { cameras, answer, tell, heard, clock } = watching()
    void cameras.now()
    await answer(reportOf({ 1: {} }))
    for (let i = 0; i < 4; i++) {
      await clock.pass(2_000)
      tell({ kind: 'time', data: { now: '' } })
    }
    t.same(heard, ['1 running'], 'a request took more than four seconds')
    await clock.pass(7_000)
    t.same(heard, ['1 running', 'it took too long to answer'])
  })

  t.test('is asked for at once when nothing is told any more', async t => {
    const { cameras, answer, tell, asked } = watching()
    void cameras.now()
    await answer(reportOf({ 1: {} }))
    tell({ kind: 'lost' })
    t.equal(asked.length, 1, 'nothing was told before')
    tell({ kind: 'time', data: { now: '' } })
    tell({ kind: 'lost' })
    tell({ kind: 'lost' })
    t.equal(asked.length, 2)
  })

  t.test('is told to who has logged in, and to nobody after they have left', async t => {
    const { cameras, answer, feed, clock } = watching()
    void cameras.now()
    await answer(null)
    await clock.pass(1_000)
    await answer(reportOf({ 1: {} }))
    void cameras.now()
    await answer(reportOf({ 1: {} }))
    await clock.pass(1_000)
    await answer(null)
    t.same(feed, ['stop', 'renew', 'start', 'stop'])
  })
})
