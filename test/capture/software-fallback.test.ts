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

/** A camera whose attempts the test controls. `hang` makes one that shows nothing for this long and is then stopped. */
function play () {
  const clock = new FakeClock()
  const log: string[] = []
  const asked: Array<LiveCamera['hwaccel']> = []
  let events: AttemptEvents
  let report: Partial<InputReport> = {}
  let lastFailure: Failure | undefined
  let stops = 0
  const launch = fallBackToSoftware(({ hwaccel }, its) => {
    asked.push(hwaccel)
    events = its
    const decoder = hwaccel === 'none' ? 'software' : 'vaapi'
    return { get lastFailure () { return lastFailure }, input: () => ({ ingest: 'direct', decoder, fps: 20, ...report }) as InputReport, stop () { stops++ } }
  }, clock, { info: (...line: unknown[]) => { log.push(String(line.at(-1))) } })
  const memory = new CameraMemory(camera)
  const start = () => launch({ ...camera, hwaccel: 'vaapi' }, { onPicture () {}, onBroken () {}, onUnchanged () {}, onExit () {} }, memory)
  const hang = (ms: number, { shows = false, says = undefined as string | undefined, ...input }: Partial<InputReport> & { shows?: boolean, says?: string } = {}) => {
    report = input
    lastFailure = says === undefined ? undefined : badStream(says)
    const attempt = start()
    if (shows) events.onPicture(pictureOf(jpeg))
    clock.advance(ms)
    attempt.stop()
    events.onExit(undefined)
  }
  const end = (failure: Failure) => {
    report = {}
    start()
    events.onExit(failure)
  }
  return { log, asked, start, hang, end, stops: () => stops }
}

t.test('a decoder that is stopped', async t => {
  t.test('is not used again after it hung although pictures came', async t => {
    const { hang, asked, log, start, stops } = play()
    hang(5_001)
    hang(100)
    t.same(asked, ['vaapi', 'none'])
    t.equal(stops(), 2)
    t.match(start().input(), { notes: ['Yard is decoded in software, because vaapi made no picture from what it sends.'] })
    t.same(log, ['Yard: vaapi made no picture from what this camera sends; it is decoded in software the next time.'])
  })
  t.test('is used again if software hangs as well', async t => {
    const { hang, asked, log } = play()
    for (let i = 0; i < 4; i++) hang(5_001)
    t.same(asked, ['vaapi', 'none', 'vaapi', 'none'])
    t.equal(log.length, 1)
  })
  t.test('is not blamed for other faults', async t => {
    for (const [ms, more] of [[5_000, {}], [9_000, { shows: true }], [9_000, { fps: 0 }], [9_000, { decoder: undefined }], [9_000, { decoder: 'software' }], [9_000, { ingest: 'ffmpeg' }]] as Array<[number, object]>) {
      const { hang, asked } = play()
      hang(ms, more)
      hang(1)
      t.same(asked, ['vaapi', 'vaapi'], JSON.stringify(more))
    }
  })
  t.test('is also blamed if ffmpeg reads the camera and reports errors', async t => {
    const { hang, asked } = play()
    hang(9_000, { ingest: 'ffmpeg', says: 'no frame!' })
    hang(1)
    t.same(asked, ['vaapi', 'none'])
  })
})

t.test('a decoder that ends by itself is blamed only for a failure marked as its fault', async t => {
  const { asked, end } = play()
  end({ code: 'bad-stream', message: 'It ended.' })
  end({ code: 'bad-stream', message: 'It ended.', decoderFault: true })
  end({ code: 'bad-stream', message: 'It ended.' })
  t.same(asked, ['vaapi', 'vaapi', 'none'])
})
