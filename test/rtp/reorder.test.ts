import fc from 'fast-check'
import t from 'tap'
import type { RtpPacket } from '../../src/rtp/packet.js'
import { ArrivalOrder, MAX_HELD_PACKETS, MAX_HOLD_MS, ReorderWindow, type OrderedPacket, type PacketOrder } from '../../src/rtp/reorder.js'

const packet = (sequence: number, ssrc = 1) =>
  ({ payloadType: 96, marker: false, sequence: sequence & 0xffff, timestamp: 0, ssrc, payload: Buffer.alloc(0) })
/** A "!" for each packet missing in front, "?" if their number is unknown. */
const listed = (ordered: OrderedPacket[]) => ordered.map(({ packet, missing }) => `${missing === Infinity ? '?' : '!'.repeat(missing)}${packet.sequence}`).join(' ')
const pushAll = (order: PacketOrder, sequences: number[], now = 0) => listed(sequences.flatMap(sequence => order.push(packet(sequence), now)))

t.test('a reorder window', async t => {
  t.test('releases packets in order at once, across the wrap', async t => {
    const window = new ReorderWindow()
    t.equal(pushAll(window, [65_534, 65_535, 0, 1]), '65534 65535 0 1')
    t.equal(window.dueAt, undefined)
  })
  t.test('waits for a missing packet', async t => {
    const window = new ReorderWindow()
    t.equal(pushAll(window, [1, 4, 3]), '1')
    t.equal(window.dueAt, MAX_HOLD_MS)
    t.equal(pushAll(window, [2], MAX_HOLD_MS - 1), '2 3 4')
    t.equal(window.dueAt, undefined)
  })
  t.test('waits no longer than necessary', async t => {
    const window = new ReorderWindow()
    pushAll(window, [1])
    t.equal(pushAll(window, [3], 10), '')
    t.equal(pushAll(window, [6, 4], 20), '')
    t.equal(window.dueAt, 10 + MAX_HOLD_MS)
    t.equal(listed(window.flush(10 + MAX_HOLD_MS - 1)), '')
    t.equal(listed(window.flush(10 + MAX_HOLD_MS)), '!3 4')
    t.equal(window.dueAt, 20 + MAX_HOLD_MS, 'the other gap waits its own time')
    t.equal(pushAll(window, [8], 20 + MAX_HOLD_MS), '!6')
    t.equal(listed(window.flush(Infinity)), '!8')
  })
  t.test('lets no packet wait for a gap after it', async t => {
    const window = new ReorderWindow()
    pushAll(window, [1])
    pushAll(window, [5], 0)
    pushAll(window, [3], 30)
    t.equal(window.dueAt, MAX_HOLD_MS)
    t.equal(listed(window.flush(MAX_HOLD_MS)), '!3 !5')
  })
  t.test('drops duplicate and late packets', async t => {
    const window = new ReorderWindow()
    t.equal(pushAll(window, [5, 5, 7, 7]), '5')
    t.equal(listed(window.flush(MAX_HOLD_MS)), '!7')
    t.equal(pushAll(window, [6, 7, 8], MAX_HOLD_MS), '8')
  })
  t.test('holds a limited number of packets', async t => {
    const window = new ReorderWindow()
    const after = Array.from({ length: MAX_HELD_PACKETS }, (_, index) => 10 + 2 * index)
    t.equal(pushAll(window, [1, ...after]), '1')
    t.equal(pushAll(window, [1_000]), '!!!!!!!!10')
    t.equal(pushAll(window, [11]), '11 12')
  })
  t.test('restarts with another source, or after a jump', async t => {
    const window = new ReorderWindow()
    pushAll(window, [1, 3])
    t.equal(listed(window.push(packet(500, 2), 0)), '!3 ?500')
    t.equal(listed(window.push(packet(501, 2), 0)), '501')
    t.equal(listed(window.push(packet(20_000, 2), 0)), '?20000')
    t.equal(listed(window.push(packet(19_000, 2), 0)), '?19000')
    t.equal(listed(window.push(packet(19_001 + 2_999, 2), 0)), '', 'no jump yet')
  })
  t.test('sorts swapped packets, and counts missing ones', async () => {
    const shuffled = fc.tuple(fc.nat(65_535), fc.array(fc.record({ delay: fc.nat(5), lost: fc.boolean() }), { minLength: 2, maxLength: 60 }))
    fc.assert(fc.property(shuffled, ([start, fates]) => {
      const sent = fates.map(({ delay, lost }, index) => ({ sequence: (start + index) & 0xffff, at: index + (index === 0 ? -1 : delay), lost: lost && index > 0 }))
      const arriving = sent.filter(({ lost }) => !lost).sort((a, b) => a.at - b.at)
      const window = new ReorderWindow()
      const got = arriving.flatMap(({ sequence, at }) => window.push(packet(sequence), at)).concat(window.flush(Infinity))
      const expected = sent.flatMap(({ sequence, lost }, index) =>
        lost ? [] : [{ sequence, missing: index - 1 - sent.findLastIndex((other, at) => at < index && !other.lost) }])
      if (JSON.stringify(got.map(({ packet, missing }) => ({ sequence: packet.sequence, missing }))) !== JSON.stringify(expected)) throw new Error(listed(got))
    }))
  })
  t.test('releases each packet once, for any input', async () => {
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
      if (out.length - before > MAX_HELD_PACKETS) throw new Error('holds too many')
      if (window.dueAt !== undefined || new Set(out).size !== out.length || !arrived.every(hasPassed)) throw new Error('lost one, or released one twice')
    }), { numRuns: 200 })
  })
})

t.test('packets of a TCP connection pass in the order of arrival, with their gaps', async t => {
  const order: PacketOrder = new ArrivalOrder()
  t.equal(pushAll(order, [65_535, 0, 1, 3, 2, 3]), '65535 0 1 !3 ?2 3')
  t.equal(pushAll(new ArrivalOrder(), [7, 7, 7]), '7 7 7', 'from a camera that does not number its packets')
  t.equal(listed(order.push(packet(4, 2), 0)), '?4')
  t.same(order.flush(Infinity), [])
  t.match(order, { dueAt: undefined })
})
