import t from 'tap'
import { CodedHub } from '../../src/coded/coded-hub.js'
import type { State } from '../../src/lifecycle/state.js'
import { noticeFor } from '../../src/stream/notice.js'
import { FakeClock } from '../fake-clock.js'
import { h264Track } from '../fake-launch.js'

t.test('the notice of a stream that waits for a key picture', async t => {
  const starting: State = { kind: 'starting', since: 0, attempt: 1, outage: null }
  /** A camera with key pictures this many seconds apart, and more pictures for as long as `seconds` since the last. */
  const read = (interval: number, seconds: number) => {
    const coded = new CodedHub(new FakeClock())
    coded.begin(h264Track)
    for (let at = 0; at <= (interval + seconds) * 1_000; at += 500) {
      coded.publish({ codec: 'h264', key: at === 0 || at === interval * 1_000, damaged: false, bytes: Buffer.from('picture'), at, rtpTime: undefined })
    }
    return coded
  }
  const waitOf = (interval: number, seconds: number) => noticeFor(starting, read(interval, seconds))?.text

  t.test('says how often these come', async t => {
    t.equal(waitOf(12, 13), "Waiting for the camera's next key picture, which comes about every 15 seconds …")
  })
  t.test('says that they come seldom before the second one has come', async t => {
    t.equal(waitOf(0, 13), "Waiting for the camera's next key picture, which it seldom sends …")
    t.equal(waitOf(0, 11), 'Waiting for the first picture …')
  })
  t.test('stays the same for a while if the camera stretches the interval', async t => {
    t.equal(new Set([21, 22, 23, 24, 25].map(seconds => waitOf(4, seconds))).size, 1)
    t.match(waitOf(4, 26), /every 30 seconds/)
  })
  t.test('does not mention them if a group is kept, the camera fails or pictures come', async t => {
    t.equal(waitOf(4, 5), 'Waiting for the first picture …')
    const outage = { code: 'stalled', message: 'Nothing came.', since: 0 } as const
    t.equal(noticeFor({ ...starting, outage }, read(4, 20))?.text, 'Nothing came.')
    t.equal(noticeFor({ kind: 'running', since: 0, attempt: 1 }, read(4, 20)), undefined)
  })
})
