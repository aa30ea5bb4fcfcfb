import t from 'tap'
import { conditionOf, type CameraState, type Known } from '../../../src/view/elements/condition.js'
import { statusInWords } from '../../../src/view/elements/words.js'

const running: CameraState = { op: 'state', id: 1, state: 'running', since: 0, failure: null, retryAt: null }
const live: Known = { connection: { isOpen: true, reason: '' }, isFetched: false, camera: running, refusal: undefined, noPath: undefined, pathReason: '', ageMs: 40, intervalMs: 50 }
const failure = { code: 'auth', message: 'The camera refused the password.' } as const

t.test('an element', async t => {
  t.test('is live while its picture is new', async t => {
    t.same(conditionOf(live), { state: 'running', reason: '', picture: 'live' })
    t.equal(statusInWords(conditionOf(live)), '')
    t.same(conditionOf({ ...live, pathReason: 'The link is slow.' }), { state: 'running', reason: 'The link is slow.', picture: 'live' })
  })
  t.test('never shows an old picture as live', async t => {
    t.same(conditionOf({ ...live, ageMs: 3_001 }), { state: 'stale', reason: '', picture: 'old' })
    t.match(conditionOf({ ...live, connection: { isOpen: false, reason: 'Gone.' } }), { state: 'disconnected', picture: 'old' })
    t.match(conditionOf({ ...live, camera: { ...running, state: 'waiting', failure } }), { state: 'waiting', reason: failure.message, picture: 'old' })
    t.match(conditionOf({ ...live, refusal: 'You may not.' }), { state: 'refused', reason: 'You may not.', picture: 'old' })
  })
  t.test('needs no connection if its pictures are fetched', async t => {
    const fetched: Known = { ...live, isFetched: true, connection: { isOpen: false, reason: 'Refused.' }, camera: undefined, pathReason: 'No WebSocket.' }
    t.same(conditionOf(fetched), { state: 'running', reason: 'No WebSocket.', picture: 'live' })
    t.match(conditionOf({ ...fetched, ageMs: 3_001 }), { state: 'stale', picture: 'old' })
    t.match(conditionOf({ ...fetched, ageMs: undefined }), { state: 'connecting', picture: 'none' })
  })
  t.test('is live for longer if the camera sends few pictures', async t => {
    t.equal(conditionOf({ ...live, ageMs: 14_000, intervalMs: 5_000 }).picture, 'live')
    t.equal(conditionOf({ ...live, ageMs: 16_000, intervalMs: 5_000 }).picture, 'old')
  })
  t.test('waits for its first picture', async t => {
    t.match(conditionOf({ ...live, ageMs: undefined }), { state: 'starting', picture: 'none' })
    t.match(conditionOf({ ...live, ageMs: undefined, camera: undefined }), { state: 'connecting', picture: 'none' })
  })
  t.test('has words wherever there is no live picture', async t => {
    for (const state of ['stopped', 'idle', 'starting', 'waiting', 'stopping'] as const) t.not(statusInWords(conditionOf({ ...live, camera: { ...running, state } })), '')
    t.equal(statusInWords(conditionOf({ ...live, connection: { isOpen: false, reason: 'There is no connection to camgate.' } })), 'There is no connection to camgate. Trying again…')
  })
})
