import t from 'tap'
import type { InputStatus } from '../../src/capture/input.js'
import { findingsOfStatus } from '../../src/doctor/camera-status.js'
import type { CameraStatus } from '../../src/stream/status.js'
import { cameraStatus, decoderStatus, inputStatus } from '../status.js'

const since = '2026-01-01T00:00:00.000Z'
const now = Date.parse('2026-01-01T00:01:00.000Z')
const failure = { code: 'refused', message: 'Nothing answers.', since } as const
const found = (status: Partial<CameraStatus>) => findingsOfStatus('gate', { ...cameraStatus, ...status }, now)
const sent = (input: Partial<InputStatus>) => found({ input: { ...inputStatus, ...input } })

t.test('what a running camgate knows of a camera', async t => {
  t.match(found({}), [{ level: 'note', about: 'camera gate', code: 'fine' }])
  t.match(found({ state: 'waiting', failure }), [{ level: 'error', code: 'refused', what: 'Nothing answers.' }])
  t.match(found({ state: 'starting', failure }), [{ level: 'error', code: 'refused' }])
  t.match(found({ state: 'stopped', failure }), [{ level: 'note', code: 'stopped', todo: [/Start/] }], 'why it failed before does not matter')
  for (const state of ['idle', 'starting', 'stopping'] as const) t.match(found({ state }), [{ level: 'note', code: state }])
  t.match(found({ decoder: { ...decoderStatus, state: 'waiting', failure: { ...failure, code: 'no-ffmpeg' } } }), [{ level: 'error', code: 'no-ffmpeg' }])
  t.match(found({ decoder: { ...decoderStatus, overloaded: { since, picturesDropped: 7 } } }), [{ level: 'warning', code: 'overloaded', what: / 7 / }])
  t.match(sent({ damaged: { since, pictures: 3 }, picturesDamaged: 3, transport: 'udp' }), [{ level: 'warning', code: 'damaged', todo: [/tcp/] }])
  t.match(sent({ picturesDamaged: 3, packetsLost: 20 }), [{ level: 'note', code: 'packets-lost', what: /began: 3, by 20 lost/ }])
  t.match(sent({ keyIntervalMs: 10_000 }), [{ level: 'warning', code: 'key-interval', what: /10\.0 s/ }])
  t.match(sent({ groupExceeded: 'time' }), [{ code: 'key-interval' }])
  t.match(sent({ cameraTime: '2026-01-01T00:03:00.000Z' }), [{ level: 'warning', code: 'camera-clock', what: /120 s/ }])
  t.match(sent({ cameraTime: '2026-01-01T00:01:10.000Z' }), [{ code: 'fine' }])
  t.match(sent({ reason: 'no marker bits' }), [{ level: 'note', code: 'by-ffmpeg', what: /no marker bits/ }])
  t.match(sent({ reason: 'no marker bits', keyIntervalMs: 10_000 }).map(({ level }) => level), ['warning', 'note'])
})
