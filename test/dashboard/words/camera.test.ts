import t from 'tap'
import type { InputStatus } from '../../../src/capture/input.js'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { failureOf, reason, seenHere, shownState, stateInWords, whyNotLive } from '../../../src/dashboard/words/camera.js'
// @ts-ignore
import { advice, detailInWords, seenFps, sinceInWords, sinceOf } from '../../../src/dashboard/words/details.js'
// @ts-ignore
import { facts } from '../../../src/dashboard/words/facts.js'
// @ts-ignore
import { duration } from '../../../src/dashboard/words/quantities.js'
// @ts-ignore
import { summary } from '../../../src/dashboard/words/summary.js'
import { noticeOf } from '../../../src/lifecycle/notice.js'
import type { State } from '../../../src/lifecycle/state.js'
import type { CameraStatus } from '../../../src/stream/status.js'
import { cameraStatus, decoderStatus, inputStatus, renditionStatus, viewerStatus } from '../../status.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()
const running: CameraStatus = { ...cameraStatus, since: at(-180_000), fps: 19.9, frameAgeMs: 40, watching: [viewerStatus] }
const coded: InputStatus = { ...inputStatus, ingest: 'direct', codec: 'h264', profile: 'Main', fps: 19.8, pictureAgeMs: 20, keyIntervalMs: 1_000, group: { pictures: 5, bytes: 40_000, durationMs: 200 } }
const decoded: CameraStatus = { ...running, input: coded, decoder: { ...decoderStatus, since: at(-60_000) } }
const overloaded: CameraStatus = { ...decoded, fps: 7.2, decoder: { ...decoderStatus, overloaded: { since: at(-1_000), picturesDropped: 5 } } }
/** It is read, and nobody watches. */
const connected: CameraStatus = { ...decoded, fps: 0, frameAgeMs: null, watching: [], viewers: 0, decoder: { ...decoderStatus, name: null, state: 'idle', for: null } }
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
    t.equal(detailInWords(overloaded, NOW), '7 of 20 fps · 1 live stream')
    t.match(advice(overloaded), /decodes 7 of 20 fps .*guide/)
    for (const well of [running, decoded, { ...overloaded, state: 'waiting' } satisfies CameraStatus]) t.equal(advice(well), '')
  })

  t.test('read, but not decoded: that it is connected, and no reason against it', async t => {
    t.same([shownState(connected), stateInWords(connected), reason(connected)], ['connected', 'Connected', ''])
    t.equal(detailInWords(connected, NOW), 'shows pictures as soon as somebody watches')
    t.equal(sinceOf(connected), connected.since, 'since it is connected')
    t.equal(stateInWords({ ...connected, decoder: { ...decoderStatus, state: 'stopping' } }), 'Connected', 'nobody watches any more')
    t.equal(stateInWords({ ...connected, state: 'stopping' }), 'Stopping', 'it is being disconnected')
    const silent = { ...connected, input: { ...coded, pictureAgeMs: 6_000 } }
    t.same([reason(silent), detailInWords(silent, NOW)], ['No new picture comes from the camera.', 'last picture 6 s ago'])
    const smaller = { ...connected, renditions: { w320: { ...renditionStatus, watching: [viewerStatus] } } }
    t.same([stateInWords(smaller), detailInWords(smaller, NOW)], ['Running', '5 fps · 1 live stream'], 'somebody watches a smaller picture')
    const own: CameraStatus = { ...connected, watching: [{ ...viewerStatus, by: 'wall' }] }
    t.same([stateInWords(own), detailInWords(own, NOW)], ['Running', '20 fps · 1 live stream'], 'somebody watches the camera\'s own video')
    t.equal(stateInWords({ ...connected, watching: [viewerStatus] }), 'Connected', 'a stream that waits for its decoder sees nothing yet')
    t.equal(detailInWords(seenHere(connected), NOW), '20 fps · 1 live stream', 'or this page does, which the status does not know yet')
    t.same([running, smaller, { ...connected, state: 'waiting' } satisfies CameraStatus].filter(camera => seenHere(camera) !== camera), [])
    t.same([connected, own, smaller, running, { ...running, state: 'waiting' } satisfies CameraStatus].map(seenFps), [19.8, 19.8, 4.9, 19.9, null])
  })

  t.test('being decoded for somebody who has just come: what is waited for', async t => {
    const starting: CameraStatus = { ...connected, viewers: 1, decoder: { ...decoderStatus, state: 'starting' } }
    t.same([stateInWords(starting), reason(starting), detailInWords(starting, NOW)], ['Starting', 'Waiting for the first picture…', ''])
    t.equal(reason({ ...starting, frameAgeMs: 3_600_000 }), 'Waiting for the first picture…', 'an older time of being watched')
    const seldom = { ...starting, input: { ...coded, keyIntervalMs: 20_000, group: null, groupExceeded: 'time' } } satisfies CameraStatus
    t.equal(reason(seldom), 'Waiting for the camera\'s next key picture, which it seldom sends…')
    t.equal(reason({ ...seldom, input: { ...seldom.input, keyIntervalMs: null } }), 'Waiting for the camera\'s next key picture, which it seldom sends…', 'the second one has not come yet')
    t.equal(reason({ ...seldom, input: { ...seldom.input, group: coded.group } }), 'Waiting for the first picture…', 'there is a group to begin with')
    t.match([seldom, { ...decoded, input: { ...coded, keyIntervalMs: 12_001 } }].map(advice), Array(2).fill(/Set its key \(I-frame\) interval to 1 or 2 seconds/))
    t.equal(advice({ ...decoded, input: { ...coded, keyIntervalMs: 12_000 } }), '')
  })

  t.test('read, but with a decoder that fails: the decoder\'s sentence', async t => {
    const sentence = { code: 'no-ffmpeg' as const, message: 'ffmpeg is missing.', since: at(-30_000) }
    const waiting: CameraStatus = { ...connected, decoder: { ...decoderStatus, state: 'waiting', failure: sentence, nextRetryAt: at(4_200) } }
    t.same([stateInWords(waiting), reason(waiting), detailInWords(waiting, NOW)], ['Waiting', 'ffmpeg is missing.', 'next try in 5 s'])
    t.same([failureOf(waiting), sinceOf(waiting)], [sentence, sentence.since])
    const trying = (state: 'starting' | 'stopping') => ({ ...waiting, decoder: { ...decoderStatus, state, failure: sentence } })
    t.same([reason(trying('starting')), reason(trying('stopping'))], ['ffmpeg is missing. Trying again…', 'ffmpeg is missing.'])
    t.equal(summary([decoded, connected, waiting]), '2 of 3 running, 1 in trouble')
    t.equal(reason({ ...decoded, frameAgeMs: 6_000 }), 'The camera sends pictures, but this computer is not decoding them.')
  })

  t.test('what comes from it and what is made of it, for the enlarged view', async t => {
    const rows = (camera: CameraStatus, playback: { ageMs: number | undefined, path: string } = { ageMs: undefined, path: '' }): Record<string, string> =>
      Object.fromEntries(facts(camera, playback).map(({ name, value }: { name: string, value: string }) => [name, value]))
    const known = { ...coded, width: 1920, height: 1080, bitsPerSecond: 2_118_400, keyIntervalMs: 1_980 }
    const seen = { ...decoded, width: 960, height: 544, input: known, restarts: 3 }
    t.same(rows(seen, { ageMs: 33.4, path: 'webcodecs' }), {
      ...{ Rate: '20 fps', 'Age on screen': '33 ms', Lag: '20 ms', Viewers: '1', Restarts: '3', Codec: 'H.264 Main', 'From the camera': '1920×1080, 20 fps' },
      ...{ Shown: '960×544', 'Bit rate': '2.1 Mbit/s', 'Key picture': 'every 2 s', 'Decoded by': 'the processor', Playback: 'webcodecs' }
    })
    t.match(rows({ ...seen, decoder: { ...decoderStatus, name: 'vaapi' } }), { 'Decoded by': 'vaapi' })
    t.equal(rows({ ...connected, input: known })['Decoded by'], undefined, 'nothing is made of it')
    const jpegs = { ...known, codec: 'mjpeg', profile: null, bitsPerSecond: 640_400, copied: true, keyIntervalMs: null }
    t.match(rows({ ...seen, decoder: null, input: jpegs }), { Codec: 'JPEG', 'Bit rate': '640 kbit/s', Shown: 'unchanged', 'Key picture': undefined })
    t.match(rows({ ...running, input: { ...inputStatus, codec: 'vp9' } }), { Codec: 'vp9' }, 'ffmpeg reads it')
    t.same(rows({ ...seen, state: 'waiting', failure }), { Lag: '20 ms', Viewers: '1', Restarts: '3' })
  })

  t.test('running without new pictures: the reason', async t => {
    const stalled = { ...running, frameAgeMs: 6_000 }
    t.equal(reason(stalled), 'No new picture comes from the camera.')
    t.equal(detailInWords(stalled, NOW), 'last picture 6 s ago')
    t.equal(reason({ ...stalled, fpsLimit: 0.2 }), '', 'only one every five seconds is expected')
  })

  t.test('running, and not seen in this browser: what the picture\'s place says', async t => {
    t.same([undefined, 'waiting', 'stale', 'This browser cannot show it.'].map(trouble => whyNotLive(running, trouble)),
      ['', 'Waiting for the first picture…', 'No new picture comes from the camera.', 'This browser cannot show it.'])
    t.equal(whyNotLive({ ...running, state: 'stopped' }, 'waiting'), '', 'camgate knows better')
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
  const barn: CameraStatus = { ...running, state: 'waiting', failure, simulated: true }
  t.equal(summary([running, barn]), '1 of 2 running, 1 simulated fault', 'nobody is alarmed by a fault that is there on purpose')
  t.equal(summary([barn, barn, { ...barn, simulated: false }]), '0 of 3 running, 1 in trouble, 2 simulated faults')
  t.equal(summary([]), 'No cameras')
})
