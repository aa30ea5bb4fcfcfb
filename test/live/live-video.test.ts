import t from 'tap'
import { h264Format } from '../../src/codec/h264-format.js'
import type { CodedVideo } from '../../src/codec/coded-picture.js'
import { CodedHub } from '../../src/coded/coded-hub.js'
import type { LivePicture } from '../../src/live/live-picture.js'
import { lowDelaySps } from '../../src/codec/order/low-delay-sps.js'
import { LiveVideo } from '../../src/live/live-video.js'
import { coded, track } from '../coded/pictures.js'
import { FakeClock } from '../fake-clock.js'

const HD = { profile: 'High', width: 1920, height: 1080, depth: 8 }
const VGA = { profile: 'High', width: 640, height: 480, depth: 8 }
const sps = Buffer.from('6764001facd9', 'hex')

/** As x264 wrote them. The first has picture order counts and may reorder; the second has none, and lacks its restriction. */
const interlaced = Buffer.from('67640028acd94078044f526022000003000200000300283e2c5b2c', 'hex')
const progressive = Buffer.from('6764000bacb4182bc44f8088000003000800000300a020', 'hex')
const annexB = (sps: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 1]), sps, Buffer.from('0000000165888400', 'hex')])

function camera (holdsDamaged = false, rewritesSps = true) {
  const clock = new FakeClock()
  const hub = new CodedHub(clock)
  const live = new LiveVideo(hub, clock, { holdsDamaged, rewritesSps })
  hub.begin(track)
  const send = (picture: Partial<CodedVideo> = {}) => {
    clock.advance(40)
    const bytes = Buffer.concat([Buffer.from('0000000141', 'hex'), h264Format.delimiter])
    hub.publish(coded({ at: clock.now(), bytes, ...picture.key && { parameterSets: [sps], format: HD }, ...picture }))
  }
  const join = () => {
    const seen: LivePicture[] = []
    const subscriber = live.subscribe({ write (picture, done) { seen.push(picture); done() }, end () { seen.length = 0 } })
    return { seen, subscriber }
  }
  return { hub, live, send, join }
}

t.test('live video', async t => {
  t.test('is the group since the last key picture, without the delimiters', async t => {
    const { send, join } = camera()
    send({ key: true })
    send()
    const { seen } = join()
    send()
    t.same(seen.map(({ key }) => key), [true, false, false])
    t.same(seen.map(({ bytes }) => bytes.toString('hex')), ['0000000141', '0000000141', '0000000141'])
  })
  t.test('does not copy pictures', async t => {
    const { send, join } = camera()
    const bytes = Buffer.concat([Buffer.alloc(1_000), h264Format.delimiter])
    const [one, other] = [join(), join()]
    send({ key: true })
    send({ bytes })
    t.equal(one.seen[1]!.bytes.buffer, bytes.buffer)
    t.equal(one.seen[1], other.seen[1])
  })
  t.test('subscribes to the coded pictures only while it has viewers', async t => {
    const { hub, send, join } = camera()
    send({ key: true })
    t.equal(hub.report().subscribers, 0)
    const [one, other] = [join(), join()]
    t.equal(hub.report().subscribers, 1)
    one.subscriber.end()
    other.subscriber.end()
    t.equal(hub.report().subscribers, 0)
    send({ key: true })
    t.equal(join().seen.length, 1, 'a later viewer is given the newest group only')
  })
  t.test('numbers a config after each change of the video, and after each reset', async t => {
    const { hub, live, send, join } = camera()
    t.equal(live.config, undefined)
    const { seen } = join()
    for (const format of [HD, HD, VGA]) send({ key: true, format })
    hub.end()
    t.equal(live.config, undefined)
    hub.begin(track)
    send({ key: true, format: VGA })
    t.same(seen.map(({ config }) => [config.epoch, config.width]), [[1, 1920], [1, 1920], [2, 640], [3, 640]])
    t.same(live.config, { epoch: 3, kind: 'h264', codec: 'avc1.64001f', width: 640, height: 480, reorders: true })
  })
  t.test('offers nothing after the end of an attempt', async t => {
    const { hub, send, join } = camera()
    join()
    send({ key: true })
    hub.end()
    t.same(join().seen, [])
  })
  t.test('offers nothing of a picture whose parameter sets cannot be read', async t => {
    const { send, join } = camera()
    const { seen } = join()
    send({ key: true, format: undefined })
    send()
    send({ key: true, parameterSets: [] })
    t.same(seen, [])
  })
  t.test('skips damaged pictures to the next clean key picture where it holds', async t => {
    const { send, join } = camera(true)
    const { seen } = join()
    for (const [key, damaged] of [[true, false], [false, true], [false, false], [true, true], [false, false], [true, false]] as const) send({ key, damaged })
    t.same(seen.map(({ seq, key }) => ({ seq, key })), [{ seq: 1, key: true }, { seq: 2, key: true }])
  })
  t.test('rewrites parameter sets once it is known that the camera does not reorder, unless it may not', async t => {
    for (const rewritesSps of [true, false]) {
      const { hub, live, send, join } = camera(false, rewritesSps)
      const { seen } = join()
      for (const parameterSets of [[interlaced], [progressive]]) send({ key: true, parameterSets, bytes: annexB(parameterSets[0]!) })
      t.match(seen.map(({ config }) => [config.epoch, config.reorders]), [[1, true], [2, false]])
      t.same(seen.map(({ bytes }) => bytes), [annexB(interlaced), annexB(rewritesSps ? lowDelaySps(progressive)! : progressive)])
      t.match(live.config, { reorders: false })
      hub.begin({ ...track, parameterSets: [progressive], format: HD })
      t.match(live.config, { epoch: 3, reorders: false }, 'or from the session description')
    }
  })
  t.test('ends with the camera', async t => {
    const { hub, send, join } = camera()
    const { seen } = join()
    send({ key: true })
    hub.close()
    t.same(seen, [])
  })
})
