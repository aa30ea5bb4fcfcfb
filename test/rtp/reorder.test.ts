import fc from 'fast-check'
import t from 'tap'
import type { RtpPacket } from '../../src/rtp/packet.js'
import { ArrivalOrder, ReorderWindow, reorderLimits, type OrderedPacket, type PacketOrder } from '../../src/rtp/reorder.js'

const { holdMs, packets: maxHeld } = reorderLimits
const packet = (sequence: number, ssrc = 1) =>
  ({ payloadType: 96, marker: false, sequence: sequence & 0xffff, timestamp: 0, ssrc, payload: Buffer.alloc(0) })
/** A "!" for each packet that is missing in front, "?" where that is not known. */
const told = (ordered: OrderedPacket[]) => ordered.map(({ packet, missing }) => `${missing === Infinity ? '?' : '!'.repeat(missing)}${packet.sequence}`).join(' ')
const pushAll = (order: PacketOrder, sequences: number[], now = 0) => told(sequences.flatMap(sequence => order.push(packet(sequence), now)))

t.test('a reorder window', async t => {
  t.test('hands on what comes in order at once, across the wrap', async t => {
    const window = new ReorderWindow()
    t.equal(pushAll(window, [65_534, 65_535, 0, 1]), '65534 65535 0 1')
    t.equal(window.dueAt, undefined)
  })
  t.test('waits for a missing packet', async t => {
    const window = new ReorderWindow()
    t.equal(pushAll(window, [1, 4, 3]), '1')
    t.equal(window.dueAt, holdMs)
    t.equal(pushAll(window, [2], holdMs - 1), '2 3 4')
    t.equal(window.dueAt, undefined)
  })
  t.test('waits no longer than it must', async t => {
    const window = new ReorderWindow()
    pushAll(window, [1])
    t.equal(pushAll(window, [3], 10), '')
    t.equal(pushAll(window, [6, 4], 20), '')
    t.equal(window.dueAt, 10 + holdMs)
    t.equal(told(window.flush(10 + holdMs - 1)), '')
    t.equal(told(window.flush(10 + holdMs)), '!3 4')
    t.equal(window.dueAt, 20 + holdMs, 'the other gap waits its own time')
    t.equal(pushAll(window, [8], 20 + holdMs), '!6')
    t.equal(told(window.flush(Infinity)), '!8')
  })
  t.test('lets nothing wait for a gap behind it', async t => {
    const window = new ReorderWindow()
    pushAll(window, [1])
    pushAll(window, [5], 0)
    pushAll(window, [3], 30)
    t.equal(window.dueAt, holdMs)
    t.equal(told(window.flush(holdMs)), '!3 !5')
  })
  t.test('drops what comes twice or too late', async t => {
    const window = new ReorderWindow()
    t.equal(pushAll(window, [5, 5, 7, 7]), '5')
    t.equal(told(window.flush(holdMs)), '!7')
    t.equal(pushAll(window, [6, 7, 8], holdMs), '8')
  })
  t.test('holds so many packets and no more', async t => {
    const window = new ReorderWindow()
    const behind = Array.from({ length: maxHeld }, (_, index) => 10 + 2 * index)
    t.equal(pushAll(window, [1, ...behind]), '1')
    t.equal(pushAll(window, [1_000]), '!!!!!!!!10')
    t.equal(pushAll(window, [11]), '11 12')
  })
  t.test('begins anew with another source, or behind a jump', async t => {
    const window = new ReorderWindow()
    pushAll(window, [1, 3])
    t.equal(told(window.push(packet(500, 2), 0)), '!3 ?500')
    t.equal(told(window.push(packet(501, 2), 0)), '501')
    t.equal(told(window.push(packet(20_000, 2), 0)), '?20000')
    t.equal(told(window.push(packet(19_000, 2), 0)), '?19000')
    t.equal(told(window.push(packet(19_001 + 2_999, 2), 0)), '', 'no jump yet')
  })
  t.test('puts in order what was swapped, and counts what is missing', async () => {
    const shuffled = fc.tuple(fc.nat(65_535), fc.array(fc.record({ delay: fc.nat(5), lost: fc.boolean() }), { minLength: 2, maxLength: 60 }))
    fc.assert(fc.property(shuffled, ([start, fates]) => {
      const sent = fates.map(({ delay, lost }, index) => ({ sequence: (start + index) & 0xffff, at: index + (index === 0 ? -1 : delay), lost: lost && index > 0 }))
      const arriving = sent.filter(({ lost }) => !lost).sort((a, b) => a.at - b.at)
      const window = new ReorderWindow()
      const got = arriving.flatMap(({ sequence, at }) => window.push(packet(sequence), at)).concat(window.flush(Infinity))
      const expected = sent.flatMap(({ sequence, lost }, index) =>
        lost ? [] : [{ sequence, missing: index - 1 - sent.findLastIndex((other, at) => at < index && !other.lost) }])
      if (JSON.stringify(got.map(({ packet, missing }) => ({ sequence: packet.sequence, missing }))) !== JSON.stringify(expected)) throw new Error(told(got))
    }))
  })
  t.test('loses track of nothing, whatever comes', async () => {
    const arrival = fc.record({ sequence: fc.oneof(fc.nat(65_535), fc.nat(200)), ssrc: fc.constantFrom(1, 1, 1, 2), wait: fc.nat(30) })
    fc.assert(fc.property(fc.array(arrival, { maxLength: 200 }), arrivals => {
      const window = new ReorderWindow()
      const arrived: RtpPacket[] = []
      const out: RtpPacket[] = []
      const hasPassed = ({ sequence, ssrc }: RtpPacket) => out.some(other => other.ssrc === ssrc && ((other.sequence - sequence) & 0xffff) < 32_768)
      const take = (ordered: OrderedPacket[]) => out.push(...ordered.map(({ packet }) => packet))
      let now = 0
      for (const { sequence, ssrc, wait } of arrivals) {
        now += wait
        const each = packet(sequence, ssrc)
        if (!hasPassed(each)) arrived.push(each)
        take(window.push(each, now))
        if (window.dueAt !== undefined && window.dueAt <= now) throw new Error('overdue')
      }
      const before = out.length
      take(window.flush(Infinity))
      if (out.length - before > maxHeld) throw new Error('holds too many')
      if (window.dueAt !== undefined || new Set(out).size !== out.length || !arrived.every(hasPassed)) throw new Error('lost one, or told one twice')
    }), { numRuns: 200 })
  })
})

t.test('packets of a TCP connection are handed on as they come, with their gaps', async t => {
  const order: PacketOrder = new ArrivalOrder()
  t.equal(pushAll(order, [65_535, 0, 1, 3, 2, 3]), '65535 0 1 !3 ?2 3')
  t.equal(pushAll(new ArrivalOrder(), [7, 7, 7]), '7 7 7', 'one that does not count')
  t.equal(told(order.push(packet(4, 2), 0)), '?4')
  t.same(order.flush(Infinity), [])
  t.match(order, { dueAt: undefined })
})
