import t from 'tap'
import type { InputStatus } from '../../src/capture/input.js'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { advice, detailInWords, duration, reason, sinceInWords, stateInWords, summary } from '../../src/dashboard/words.js'
import { noticeOf } from '../../src/lifecycle/notice.js'
import type { State } from '../../src/lifecycle/state.js'
import type { CameraStatus } from '../../src/stream/status.js'
import { cameraStatus, inputStatus, renditionStatus, viewerStatus } from '../status.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()
const running: CameraStatus = { ...cameraStatus, since: at(-180_000), fps: 19.9, frameAgeMs: 40, watching: [viewerStatus] }
const overloaded: InputStatus = { ...inputStatus, fps: 19.8, overloaded: { since: at(-1_000), picturesDropped: 5 } }
const failure: CameraStatus['failure'] & object = { code: 'auth', message: 'The camera refused the password.', since: at(-7_200_000) }

t.test('a camera in words', async t => {
  t.test('running: no reason, but a rate', async t => {
    t.equal(stateInWords(running), 'Running')
    t.equal(reason(running), '')
    t.match(sinceInWords(running, NOW), /^Since .*\(3 min\)$/)
    t.equal(detailInWords(running, NOW), '20 fps · 1 live stream')
    t.equal(detailInWords({ ...running, watching: [viewerStatus, viewerStatus] }, NOW), '20 fps · 2 live streams')
    t.equal(detailInWords({ ...running, viewers: 1, watching: [] }, NOW), '20 fps', 'a snapshot, such as a tile takes, is no stream')
    const renditions = { w640: { ...renditionStatus, watching: [viewerStatus] }, w320: { ...renditionStatus, viewers: 3, watching: [viewerStatus, viewerStatus] } }
    t.equal(detailInWords({ ...running, watching: [], renditions }, NOW), '20 fps · 3 live streams', 'whatever size they have')
    t.equal(detailInWords({ ...running, fps: 7.2, input: inputStatus }, NOW), '7 fps · 1 live stream')
    t.equal(detailInWords({ ...running, fps: 7.2, input: overloaded }, NOW), '7 of 20 fps · 1 live stream')
    t.match(advice({ ...running, fps: 7.2, input: overloaded }), /decodes 7 of 20 fps .*guide/)
    for (const well of [running, { ...running, input: inputStatus }, { ...running, state: 'waiting', input: overloaded } satisfies CameraStatus]) t.equal(advice(well), '')
  })

  t.test('running without new pictures: the reason', async t => {
    const stalled = { ...running, frameAgeMs: 6_000 }
    t.equal(reason(stalled), 'No new picture comes from the camera.')
    t.equal(detailInWords(stalled, NOW), 'last picture 6 s ago')
    t.equal(reason({ ...stalled, fpsLimit: 0.2 }), '', 'only one every five seconds is expected')
  })

  t.test('running with damaged pictures: that they are, shown or held', async t => {
    const damaged = { ...running, input: { ...inputStatus, damaged: { since: at(-1_000), pictures: 2 } } }
    t.equal(detailInWords(damaged, NOW), '20 fps, damaged until the next clean picture · 1 live stream')
    t.equal(reason(damaged), '')
    t.equal(reason({ ...damaged, frameAgeMs: 6_000 }), 'The camera\'s pictures are damaged. The last clean one is shown.')
  })

  t.test('in trouble: the reason, its start, and a countdown', async t => {
    const waiting: CameraStatus = { ...running, state: 'waiting', failure, nextRetryAt: at(4_200) }
    t.equal(reason(waiting), failure.message)
    t.match(sinceInWords(waiting, NOW), /\(2 h\)$/)
    t.equal(detailInWords(waiting, NOW), 'next try in 5 s')
    t.equal(detailInWords(waiting, NOW + 4_200), 'next try now')
    t.equal(detailInWords({ ...waiting, nextRetryAt: at(272_000) }, NOW), 'next try in 4 min 32 s')
    t.equal(reason({ ...waiting, simulated: true }), `Simulated camera: ${failure.message}`)
    t.equal(reason({ ...waiting, state: 'starting' }), `${failure.message} Trying again…`)
  })

  t.test('every other state has a reason, which begins as the status frame in the picture does', async t => {
    const since = 0
    const states: State[] = [{ kind: 'stopped', since }, { kind: 'idle', since }, { kind: 'starting', since, attempt: 1, outage: null }, { kind: 'stopping', since, goal: { kind: 'idle' } }]
    const withoutSpace = (text = '') => text.replace(' …', '…')
    for (const state of states) t.ok(reason({ ...running, state: state.kind }).startsWith(withoutSpace(noticeOf(state)?.text)), state.kind)
    t.not(reason({ ...running, state: 'waiting' }), '')
    t.equal(stateInWords({ ...running, state: 'dreaming' as never }), 'Dreaming', 'a later service may have more states')
    t.same(states.map(({ kind }) => stateInWords({ ...running, state: kind })), ['Stopped', 'Idle', 'Starting', 'Stopping'])
  })
})

t.test('durations and sums', async t => {
  t.same([0, 59_999, 60_000, 7_199_000, 86_400_000, 172_800_000, -5].map(duration),
    ['0 s', '59 s', '1 min', '1 h', '24 h', '2 days', '0 s'])
  t.equal(summary([running, { ...running, state: 'waiting', failure }, { ...running, state: 'stopped', failure }]), '1 of 3 running, 1 in trouble')
  t.equal(summary([]), 'No cameras')
})
