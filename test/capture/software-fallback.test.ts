import t from 'tap'
import type { AttemptEvents } from '../../src/capture/attempt.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { CameraMemory } from '../../src/capture/camera-memory.js'
import type { InputReport } from '../../src/capture/input.js'
import { fallBackToSoftware } from '../../src/capture/software-fallback.js'
import type { Failure } from '../../src/failure/failure.js'
import { badStream } from '../../src/failure/sentences.js'
import { FakeClock } from '../fake-clock.js'
import { camera, jpeg, pictureOf } from '../fake-launch.js'

/** A camera that ffmpeg reads, and whose attempts the test controls. `hang` makes one that shows nothing for this long and is then stopped. */
function play () {
  const clock = new FakeClock()
  const asked: Array<LiveCamera['hwaccel']> = []
  const seen = { pictures: 0, ends: [] as Array<Failure | undefined> }
  let events: AttemptEvents
  let notes: string[] | undefined
  let isKnown = true
  let lastFailure: Failure | undefined
  let stops = 0
  const launch = fallBackToSoftware(({ hwaccel }, its) => {
    asked.push(hwaccel)
    events = its
    const decoder = hwaccel === 'none' ? 'software' : 'vaapi'
    return {
      get lastFailure () { return lastFailure },
      input: (): InputReport | null => isKnown ? { ingest: 'ffmpeg', codec: 'h264', copied: false, decoder, ...notes && { notes } } : null,
      stop () { stops++ }
    }
  }, clock)
  const memory = new CameraMemory(camera)
  const start = (its: { notes?: string[], isKnown?: boolean } = {}) => {
    ({ notes, isKnown = true } = its)
    return launch({ ...camera, hwaccel: 'vaapi' }, {
      onPicture () { seen.pictures++ }, onTrack () {}, onCoded () {}, onBroken () {}, onUnchanged () {}, onExit (failure) { seen.ends.push(failure) }
    }, memory)
  }
  const hang = (ms: number, { shows = false, says = undefined as string | undefined, isKnown = true } = {}) => {
    lastFailure = says === undefined ? undefined : badStream(says)
    const attempt = start({ isKnown })
    t.equal(attempt.lastFailure, lastFailure)
    if (shows) events.onPicture(pictureOf(jpeg))
    clock.advance(ms)
    attempt.stop()
    events.onExit(undefined)
  }
  const end = (failure: Failure) => {
    start()
    events.onExit(failure)
  }
  return { asked, seen, start, hang, end, stops: () => stops }
}

t.test('the decoder of an ffmpeg that reads the camera and is stopped', async t => {
  t.test('is not used again if it hung and ffmpeg reported errors', async t => {
    const { hang, asked, stops, start, seen } = play()
    hang(5_001, { says: 'no frame!' })
    hang(100)
    t.same(asked, ['vaapi', 'none'])
    t.equal(stops(), 2)
    t.same(seen, { pictures: 0, ends: [undefined, undefined] })
    const why = 'Yard is decoded in software, because vaapi made no picture from what it sends.'
    t.match(start().input(), { ingest: 'ffmpeg', notes: [why] })
    t.same(start({ notes: ['Another note.'] }).input()?.notes, ['Another note.', why])
    t.equal(start({ isKnown: false }).input(), null)
  })
  t.test('is used again if software hangs as well', async t => {
    const { hang, asked } = play()
    for (let i = 0; i < 4; i++) hang(5_001, { says: 'no frame!' })
    t.same(asked, ['vaapi', 'none', 'vaapi', 'none'])
  })
  t.test('is not blamed for other faults', async t => {
    const says = 'no frame!'
    for (const [ms, more] of [[5_000, { says }], [9_000, { says, shows: true }], [9_000, {}], [9_000, { says, isKnown: false }]] as const) {
      const { hang, asked, seen } = play()
      hang(ms, more)
      hang(1)
      t.same(asked, ['vaapi', 'vaapi'], JSON.stringify(more))
      t.equal(seen.pictures, 'shows' in more ? 1 : 0)
    }
  })
})

t.test('a decoder that ends by itself is blamed only for a failure marked as its fault', async t => {
  const { asked, end, seen } = play()
  const failure: Failure = { code: 'bad-stream', message: 'It ended.' }
  end(failure)
  end({ ...failure, decoderFault: true })
  end(failure)
  t.same(asked, ['vaapi', 'vaapi', 'none'])
  t.same(seen.ends, [failure, { ...failure, decoderFault: true }, failure])
})
