import t from 'tap'
import type { PacketSpan } from '../../src/clips/clip.js'
import { Player } from '../../src/simulator/player.js'
import { readRtp } from './client.js'
import { madeUpClip } from './small.js'

class FakeDelivery {
  readonly channel = 4
  full = false
  sent: Array<{ bytes: Buffer; packets: readonly PacketSpan[] }> = []
  send (bytes: Buffer, packets: readonly PacketSpan[]) { this.sent.push({ bytes, packets }) }
  reports: Buffer[] = []
  report (rtcp: Buffer) { this.reports.push(rtcp) }
  close () {}
  get packets () {
    return this.sent.flatMap(({ bytes, packets }) => packets.map(({ offset, size }) =>
      readRtp(bytes.readUInt8(offset + 1), bytes.subarray(offset + 4, offset + size))))
  }
}

const clip = madeUpClip(0)

t.test('a player', async t => {
  t.test('begins with a key picture', async t => {
    const player = new Player(clip, new FakeDelivery())
    t.same([1, 2, 3, 4, 5].map(index => player.send(index, clip, null)), ['skipped', 'skipped', 'skipped', 'sent', 'sent'])
  })
  t.test('keeps counting packets and times through the loop', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery)
    for (let index = 0; index < 20; index++) player.send(index, clip, null)
    const { packets } = delivery
    t.equal(packets.length, 35)
    t.ok(packets.every(({ channel }) => channel === 4))
    for (let i = 1; i < packets.length; i++) t.equal((packets[i]!.sequence - packets[i - 1]!.sequence) & 0xffff, 1)
    const times = [...new Set(packets.map(({ timestamp }) => timestamp))]
    t.equal(times.length, 20)
    t.equal((times[19]! - times[0]! + 2 ** 32) % 2 ** 32, 19 * 90_000 / 20)
  })
  t.test('drops pictures while the socket is full, up to the next key picture, and leaves a gap', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery)
    player.send(0, clip, null)
    delivery.full = true
    t.equal(player.send(1, clip, null), 'dropped')
    delivery.full = false
    t.same([2, 3].map(index => player.send(index, clip, null)), ['skipped', 'skipped'])
    t.equal(player.send(4, clip, null), 'sent')
    const [, last, next] = delivery.packets
    t.equal((next!.sequence - last!.sequence) & 0xffff, 1 + 1 + 1 + 3)
  })
  t.test('sends a sender report once a second', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery)
    for (let index = 0; index < 40; index++) {
      player.send(index, clip, null)
      player.report(index * 50, Date.UTC(2026, 0, 1) + index * 50)
    }
    const told = delivery.reports.map(report => [8, 16, 20, 24].map(at => report.readUInt32BE(at)))
    const [from] = delivery.packets
    t.same(told, [
      [3_976_214_400, from!.timestamp, 2, 20],
      [3_976_214_401, (from!.timestamp + 90_000) % 2 ** 32, 37, 370]
    ])
    t.equal(delivery.reports[0]!.readUInt32BE(4), player.ssrc)
  })
  t.test('never changes bytes that it has sent before', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery)
    player.send(0, clip, null)
    const before = Buffer.from(delivery.sent[0]!.bytes)
    player.send(8, clip, null)
    t.same(delivery.sent[0]!.bytes, before)
    t.notSame(delivery.sent[1]!.bytes, before)
  })
})

t.test('a player of an odd camera', async t => {
  t.test('sends no key picture, as if there had never been one', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery, new Set(['no-key']))
    t.same([0, 1, 2, 3, 4, 5].map(index => player.send(index, clip, null)), ['skipped', 'sent', 'sent', 'sent', 'skipped', 'sent'])
    const { packets } = delivery
    t.ok(packets.every(({ sequence }, i) => i === 0 || ((sequence - packets[i - 1]!.sequence) & 0xffff) === 1))
  })
  t.test('begins between key pictures', async t => {
    const player = new Player(clip, new FakeDelivery(), new Set(['no-key-first']))
    t.same([1, 2, 3, 4].map(index => player.send(index, clip, null)), ['sent', 'sent', 'sent', 'sent'])
  })
  t.test('stamps pictures with the time at which they are shown', async t => {
    const delivery = new FakeDelivery()
    const shuffled = { ...clip, pictures: clip.pictures.map((picture, index) => ({ ...picture, shownLater: [0, 2, -1, -1][index % 4]! })) }
    const player = new Player(shuffled, delivery)
    for (let index = 0; index < 4; index++) player.send(index, shuffled, null)
    const times = [...new Set(delivery.packets.map(({ timestamp }) => timestamp))]
    t.same(times.map(time => (time - times[0]! + 2 ** 32) % 2 ** 32 / 4_500), [0, 3, 1, 2])
  })
})

t.test('a fault of pictures:', async t => {
  t.test('stall sends none', async t => {
    const delivery = new FakeDelivery()
    t.equal(new Player(clip, delivery).send(0, clip, 'stall'), 'skipped')
    t.equal(delivery.sent.length, 0)
  })
  t.test('cut ends within the last packet', async t => {
    const delivery = new FakeDelivery()
    t.equal(new Player(clip, delivery).send(0, clip, 'cut'), 'cut')
    t.equal(delivery.sent[0]?.bytes.length, 26 + 13)
  })
  t.test('garbage replaces payloads and keeps headers', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery)
    player.send(0, clip, null)
    player.send(1, clip, 'garbage')
    const [, good, bad] = delivery.packets
    t.equal((bad!.sequence - good!.sequence) & 0xffff, 1)
    t.same(good!.payload, Buffer.alloc(10))
    t.notSame(bad!.payload, Buffer.alloc(10))
    t.same(clip.pictures[1]!.bytes, madeUpClip(0).pictures[1]!.bytes, 'the clip itself stays good')
  })
  t.test('corrupt flips some bytes after the headers', async t => {
    const long = madeUpClip(0, [1], 1_400)
    const delivery = new FakeDelivery()
    t.equal(new Player(long, delivery).send(0, long, 'corrupt'), 'sent')
    const { payload } = delivery.packets[0]!
    const wrong = [...payload.keys()].filter(at => payload[at] !== 0)
    t.ok(wrong.length > 3 && wrong.length < 20, `${wrong.length} bytes`)
    t.ok(wrong[0]! >= 144, 'an RTP payload of a JPEG begins with 12 bytes and 132 of tables')
  })
  t.test('a clock that jumps ahead changes the times only', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery)
    for (const [index, ahead] of [0, 0, 60, 0].entries()) player.send(index, clip, null, ahead)
    const times = [...new Set(delivery.packets.map(({ timestamp }) => timestamp))]
    t.same(times.map(time => (time - times[0]! + 2 ** 32) % 2 ** 32), [0, 4_500, 9_000 + 60 * 90_000, 13_500])
  })
  t.test('another size begins, and ends, at a key picture', async t => {
    const delivery = new FakeDelivery()
    const player = new Player(clip, delivery)
    const other = madeUpClip(9)
    for (let index = 0; index < 12; index++) player.send(index, index >= 2 && index < 6 ? other : clip, null)
    const fills = delivery.sent.map(({ bytes }) => bytes[bytes.length - 1])
    t.same(fills, [0, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0])
  })
})
