import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks it, types and all
import { advice, detailInWords, duration, reason, sinceInWords, stateInWords, summary } from '../../src/dashboard/words.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()
const running = {
  name: 'Entrance',
  state: 'running',
  since: at(-180_000),
  failure: null as null | { code: string, message: string, since: string },
  nextRetryAt: null as string | null,
  fps: 19.9,
  fpsLimit: 20,
  frameAgeMs: 40,
  width: 960,
  height: 544,
  viewers: 1,
  watching: [{}],
  simulated: false
}
const failure = { code: 'auth', message: 'The camera refused the password.', since: at(-7_200_000) }

t.test('a camera in words', async t => {
  t.test('running: no reason, but how well', async t => {
    t.equal(stateInWords(running), 'Running')
    t.equal(reason(running), '')
    t.match(sinceInWords(running, NOW), /^Since .*\(3 min\)$/)
    t.equal(detailInWords(running, NOW), '20 fps · 1 live stream')
    t.equal(detailInWords({ ...running, fps: null, watching: [{}, {}] }, NOW), '2 live streams')
    t.equal(detailInWords({ ...running, viewers: 1, watching: [] }, NOW), '20 fps', 'a snapshot, such as a tile takes, is no stream')
    t.equal(detailInWords({ ...running, fps: null, watching: [], renditions: { w640: { viewers: 1, watching: [{}] }, w320: { viewers: 3, watching: [{}, {}] } } }, NOW), '3 live streams', 'whatever size they have')
    t.equal(detailInWords({ ...running, fps: 7.2, input: { overloaded: null } }, NOW), '7 fps · 1 live stream')
    t.equal(detailInWords({ ...running, fps: 7.2, input: { overloaded: {}, fps: 19.8 } }, NOW), '7 of 20 fps · 1 live stream')
    t.match(advice({ ...running, fps: 7.2, input: { overloaded: {}, fps: 19.8 } }), /decodes 7 of 20 fps .*guide/)
    for (const well of [running, { ...running, input: { overloaded: null } }, { ...running, state: 'waiting', input: { overloaded: {} } }]) t.equal(advice(well), '')
  })

  t.test('running without new pictures: says so', async t => {
    const stalled = { ...running, frameAgeMs: 6_000 }
    t.equal(reason(stalled), 'No new picture comes from the camera.')
    t.equal(detailInWords(stalled, NOW), 'last picture 6 s ago')
    t.equal(reason({ ...stalled, fpsLimit: 0.2 }), '', 'one every five seconds is all that was asked for')
  })

  t.test('running with damaged pictures: says so, shown or held', async t => {
    const damaged = { ...running, input: { overloaded: null, damaged: {} } }
    t.equal(detailInWords(damaged, NOW), '20 fps, damaged until the next clean picture · 1 live stream')
    t.equal(reason(damaged), '')
    t.equal(reason({ ...damaged, frameAgeMs: 6_000 }), 'The camera\'s pictures are damaged. The last clean one is shown.')
  })

  t.test('in trouble: why, since when, and a countdown', async t => {
    const waiting = { ...running, state: 'waiting', failure, nextRetryAt: at(4_200) }
    t.equal(reason(waiting), failure.message)
    t.match(sinceInWords(waiting, NOW), /\(2 h\)$/)
    t.equal(detailInWords(waiting, NOW), 'next try in 5 s')
    t.equal(detailInWords(waiting, NOW + 4_200), 'next try now')
    t.equal(detailInWords({ ...waiting, nextRetryAt: at(272_000) }, NOW), 'next try in 4 min 32 s')
    t.equal(reason({ ...waiting, simulated: true }), `Simulated camera: ${failure.message}`)
    t.equal(reason({ ...waiting, state: 'starting' }), `${failure.message} Trying again…`)
  })

  t.test('every state has a reason why there is no picture', async t => {
    for (const state of ['stopped', 'idle', 'starting', 'waiting', 'stopping']) t.not(reason({ ...running, state }), '', state)
    t.equal(stateInWords({ ...running, state: 'dreaming' }), 'dreaming', 'a later service may know more states')
  })
})

t.test('durations and sums', async t => {
  t.same([0, 59_999, 60_000, 7_199_000, 86_400_000, 172_800_000, -5].map(duration),
    ['0 s', '59 s', '1 min', '1 h', '24 h', '2 days', '0 s'])
  t.equal(summary([running, { ...running, state: 'waiting', failure }, { ...running, state: 'stopped', failure }]), '1 of 3 running, 1 in trouble')
  t.equal(summary([]), 'No cameras')
})
