import t, { type Test } from 'tap'
import { WebCodecsPath } from '../../../src/view/paths/webcodecs.js'
import type { EngineHost } from '../../../src/view/paths/path.js'
import type { TileConfig } from '../../../src/wire/messages.js'
import type { PictureHeader } from '../../../src/wire/picture-header.js'
import { FakeClock } from '../../fake-clock.js'

const config: TileConfig = { op: 'config', id: 1, epoch: 1, kind: 'h264', codec: 'avc1.64001f', width: 960, height: 540, reorders: false, from: { kind: 'main' } }

class FakeDecoder {
  static readonly all: FakeDecoder[] = []
  state = 'unconfigured'
  configured: VideoDecoderConfig | undefined
  waiting: { readonly type: string, readonly timestamp: number }[] = []
  readonly init: VideoDecoderInit
  constructor (init: VideoDecoderInit) {
    this.init = init
    FakeDecoder.all.push(this)
  }

  configure (config: VideoDecoderConfig) { [this.configured, this.state] = [config, 'configured'] }
  decode (chunk: { type: string, timestamp: number }) { this.waiting.push(chunk) }
  reset () { [this.waiting, this.state] = [[], 'unconfigured'] }
  close () { this.state = 'closed' }
  /** Outputs the oldest picture. */
  output () { this.init.output({ timestamp: this.waiting.shift()!.timestamp, close () {} } as VideoFrame) }
}

const { configure } = FakeDecoder.prototype

function begin (t: Test, ageOf: () => number = () => 20) {
  FakeDecoder.all.length = 0
  const global = globalThis as unknown as Record<string, unknown>
  const before = { VideoDecoder: global.VideoDecoder, EncodedVideoChunk: global.EncodedVideoChunk }
  Object.assign(global, { VideoDecoder: FakeDecoder, EncodedVideoChunk: class { constructor (init: object) { Object.assign(this, init) } } })
  t.teardown(() => Object.assign(global, before))
  const clock = new FakeClock()
  const [painted, credited, failed]: [number[], number[], string[]] = [[], [], []]
  let again = 0
  const host: EngineHost = { paint: ({ seq }) => painted.push(seq), ageOf, again: () => { again++ }, failed: reason => failed.push(reason) }
  const path = new WebCodecsPath(config, host, clock)
  let seq = 0
  const add = (key: boolean, more: Partial<PictureHeader> = {}) => {
    const header = { kind: 'h264', key, discontinuity: false, statusFrame: false, tile: 1, epoch: 1, seq, wall: seq++ * 50, ...more } as const
    path.add({ header, data: new Uint8Array(1), done: () => { if (!credited.includes(header.seq)) credited.push(header.seq) } })
  }
  return { clock, path, add, painted, credited, failed, again: () => again, decoder: () => FakeDecoder.all.at(-1)! }
}

t.test('WebCodecs', async t => {
  t.test('decodes from a key picture on, and credits what it has decoded', async t => {
    const { add, decoder, painted, credited } = begin(t)
    add(false)
    add(true)
    add(false)
    t.same(decoder().waiting.map(({ type }) => type), ['key', 'delta'])
    t.same(credited, [0])
    decoder().output()
    t.same([painted, credited], [[1], [0, 1]])
    add(false, { discontinuity: true })
    add(false)
    t.equal(decoder().waiting.length, 1, 'skips to the next key picture after a gap')
    t.match(decoder().configured, { codec: config.codec, optimizeForLatency: true, hardwareAcceleration: 'no-preference' })
  })

  t.test('shows only the end of old pictures', async t => {
    const { add, decoder, painted, credited, clock } = begin(t, () => 2_000)
    for (let i = 0; i < 10; i++) add(i === 0)
    for (let i = 0; i < 10; i++) decoder().output()
    t.same(painted, [])
    t.equal(credited.length, 10)
    clock.advance(100)
    t.same(painted, [9])
  })

  t.test('shows old pictures that come at their own pace, because the connection is slow', async t => {
    const { add, decoder, painted, clock } = begin(t, () => 700)
    for (let i = 0; i < 10; i++) {
      add(i === 0)
      decoder().output()
      clock.advance(50)
    }
    t.same(painted.slice(-8), [2, 3, 4, 5, 6, 7, 8, 9])
  })

  t.test('drops what waits, up to the next key picture, when this machine is too slow', async t => {
    const { add, decoder, credited, clock } = begin(t)
    add(true)
    clock.advance(1_100)
    add(false)
    t.equal(decoder().waiting.length, 2, 'later if it has just begun')
    decoder().output()
    decoder().output()
    for (let i = 0; i < 8; i++) add(false)
    clock.advance(1_100)
    add(false)
    t.same([decoder().waiting, decoder().state, credited.length], [[], 'configured', 11])
    add(false)
    t.same(decoder().waiting, [])
    add(true)
    t.equal(decoder().waiting.length, 1)
  })

  t.test('credits what a decoder holds back, so that the server goes on', async t => {
    const { add, credited, clock } = begin(t)
    add(true)
    clock.advance(800)
    t.same(credited, [0])
  })

  t.test('takes the processor if hardware shows nothing, and then gives up', async t => {
    const { add, decoder, failed, again, clock } = begin(t)
    const silent = () => {
      for (let i = 0; i < 30 && failed.length === 0; i++) {
        add(i % 5 === 0)
        clock.advance(210)
      }
    }
    silent()
    t.equal(decoder().configured?.hardwareAcceleration, 'prefer-software')
    t.ok(again() > 0)
    silent()
    t.same(failed, ['The decoder has shown nothing.'])
  })

  t.test('makes a new decoder when the browser has taken the old one', async t => {
    const { add, decoder, failed, again, credited } = begin(t)
    for (let i = 1; i <= 5; i++) {
      add(true)
      decoder().init.error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'))
      t.equal(again(), i)
      t.equal(FakeDecoder.all.length, i + 1)
    }
    t.same(failed, [])
    t.equal(decoder().configured?.hardwareAcceleration, 'no-preference')
    t.equal(credited.length, 5)
  })

  t.test('gives up after errors that do not end', async t => {
    const { add, decoder, failed } = begin(t)
    for (let i = 0; i < 8 && failed.length === 0; i++) {
      add(true)
      decoder().init.error(new DOMException('Decoding error.', 'EncodingError'))
    }
    t.same(failed, ['Decoding error.'])
  })

  t.test('gives up at once if the codec is not supported', async t => {
    const { add, decoder, failed, again, credited } = begin(t)
    add(true)
    decoder().init.error(new DOMException('Unsupported codec.', 'NotSupportedError'))
    add(true)
    t.same([failed, again(), FakeDecoder.all.length, credited.length], [['Unsupported codec.'], 0, 1, 2])
    FakeDecoder.prototype.configure = () => { throw new TypeError('Unknown codec.') }
    t.teardown(() => { FakeDecoder.prototype.configure = configure })
    const other = begin(t)
    other.add(true)
    t.same([other.failed, other.credited], [['TypeError: Unknown codec.'], [0]])
  })

  t.test('frees everything when it is closed', async t => {
    const { add, path, decoder, credited, clock } = begin(t, () => 2_000)
    add(true)
    add(false)
    decoder().output()
    path.close()
    path.close()
    t.same([decoder().state, clock.pending, credited.length], ['closed', 0, 2])
  })
})
