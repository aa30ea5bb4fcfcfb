import t from 'tap'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import { jpegTrack, type Track } from '../../src/codec/track.js'
import type { Failure } from '../../src/failure/failure.js'
import type { ReaderEvents } from '../../src/ingest/reader.js'
import { readShortly } from '../../src/probe/reading.js'
import { cameraOf } from '../../src/probe/target.js'
import { FakeClock } from '../fake-clock.js'

const h264: Track = { codec: 'h264', clockRate: 90_000, parameterSets: [], format: undefined }

/** A reading whose camera the test plays. */
function begin (lastError?: string) {
  const clock = new FakeClock()
  const memory = new CameraMemory(cameraOf({ type: 'rtsp', url: 'rtsp://192.0.2.1/1' }, undefined))
  const ending = new AbortController()
  const seen = { stopped: 0, firsts: 0 }
  let events!: ReaderEvents<Failure>
  const reading = readShortly(given => {
    events = given
    return { report: () => undefined, lastError, stop () { if (seen.stopped++ === 0) given.onEnd(undefined) } }
  }, { memory, clock, signal: ending.signal, onFirst () { seen.firsts++ } })
  const picture = (key: boolean) => events.onPicture({ codec: 'h264', at: clock.now(), rtpTime: clock.now() * 90, key, damaged: false, bytes: Buffer.alloc(1) })
  return { clock, memory, ending, seen, reading, events, picture }
}

t.test('a short reading', async t => {
  t.test('ends with the second key picture, but not before a second has passed', async t => {
    const { clock, seen, reading, events, picture } = begin()
    events.onTrack(h264)
    for (let at = 0; at <= 1_200; at += 100) {
      t.equal(seen.stopped, 0)
      picture(at % 500 === 0)
      clock.advance(100)
    }
    t.equal(seen.stopped, 1)
    t.match(await reading, { failure: undefined, firstPictureMs: 0, fps: 10, keyIntervalMs: 500, key: { key: true } })
    t.equal(seen.firsts, 1)
    t.equal(clock.pending, 0)
  })
  t.test('ends after two seconds without another key picture', async t => {
    const { clock, seen, reading, events, picture } = begin()
    events.onTrack(h264)
    clock.advance(300)
    picture(true)
    clock.advance(1_999)
    t.equal(seen.stopped, 0)
    clock.advance(1)
    t.match(await reading, { failure: undefined, firstPictureMs: 300, keyIntervalMs: undefined })
  })
  t.test('gives up a camera that does not answer', async t => {
    const { clock, reading } = begin()
    clock.advance(5_000)
    t.match(await reading, { failure: { code: 'stalled', message: /does not answer/ }, track: undefined })
  })
  t.test('gives up a camera that sends nothing', async t => {
    const { clock, reading, events } = begin()
    events.onTrack(jpegTrack)
    clock.advance(5_000)
    t.match(await reading, { failure: { code: 'stalled', message: /sends no pictures/ }, track: { codec: 'mjpeg' } })
  })
  t.test('waits longer for a camera that sends bytes, and then says what they lack', async t => {
    const { clock, seen, reading, events } = begin('packets come, but no key picture')
    events.onTrack(h264)
    clock.advance(7_999)
    t.equal(seen.stopped, 0)
    clock.advance(1)
    t.match(await reading, { failure: { code: 'bad-stream', message: /no key picture/ } })
  })
  t.test('says why the camera ended', async t => {
    const { reading, events } = begin()
    events.onEnd({ code: 'auth', locks: true, message: 'No.' })
    t.match(await reading, { failure: { code: 'auth' } })
  })
  t.test('remembers a login that got no answer', async t => {
    const { memory, reading, ending } = begin()
    memory.auth.unanswered = true
    ending.abort()
    t.match(await reading, { failure: { code: 'auth', unanswered: true } })
  })
})
