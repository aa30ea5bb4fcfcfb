import fc from 'fast-check'
import t from 'tap'
import { ReceiverStats } from '../../src/rtp/receiver-stats.js'
import { writeReceiverReport } from '../../src/rtp/rtcp.js'

const ssrc = 0xcafe
const receive = (sequences: readonly number[], stats = new ReceiverStats(90_000)) => {
  for (const sequence of sequences) stats.add({ ssrc, sequence, timestamp: 0 }, 100, 0)
  return stats
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => (from + index) & 0xffff)
const senderReport = { ssrc, wall: undefined, timestamp: 7, compactNtp: 0x1234_5678 }

t.test('the statistics of a receiver', async t => {
  t.test('count arrived and lost packets, across the wrap', async t => {
    const stats = receive([...range(65_500, 65_530), ...range(65_534, 65_546)])
    t.match(stats, { lost: 4, bytes: 4_200 })
    t.match(stats.report(0), { ssrc, lost: 4, highestSequence: 65_545, fractionLost: Math.floor(256 * 4 / 46) })
  })
  t.test('include the fraction lost since the last report', async t => {
    const stats = receive([1, 2, 4])
    t.equal(stats.report(0)?.fractionLost, 64)
    t.equal(receive([5, 6], stats).report(0)?.fractionLost, 0)
    t.equal(receive([8], stats).report(0)?.fractionLost, 128)
    t.equal(stats.report(0)?.fractionLost, 0, 'nothing came')
    t.equal(receive([7, 7, 7], stats).report(0)?.fractionLost, 0, 'late and twice')
    t.equal(stats.report(0)?.lost, -1)
    t.equal(stats.lost, 0)
  })
  t.test('do not count a late packet as lost', async t => {
    t.equal(receive([10, 12, 13]).lost, 1)
    t.equal(receive([10, 12, 11, 13]).lost, 0)
    t.equal(receive([0, 65_535, 1]).report(0)?.highestSequence, 1)
  })
  t.test('restart with another source, and keep what was lost before', async t => {
    const stats = receive([1, 3])
    stats.add({ ssrc: 9, sequence: 40_000, timestamp: 5 }, 1, 1_000)
    t.match(stats, { lost: 1, jitter: 0 })
    t.match(stats.report(0), { ssrc: 9, lost: 0, fractionLost: 0, highestSequence: 40_000 })
  })
  t.test('restart after a jump that a second packet confirms', async t => {
    t.equal(receive([0, 2_999]).lost, 2_998, 'no jump yet')
    t.match(receive([0, 1, 3_001, 3_002, 3_003]).report(0), { lost: 0, highestSequence: 3_003 })
    t.match(receive([200, 201, 100, 101]).report(0), { lost: 0, highestSequence: 101 })
    t.match(receive([0, 1, 30_000, 2, 30_001, 3]).report(0), { lost: 0, highestSequence: 3 }, 'strays')
  })
  t.test('measure jitter by RFC 3550 section 6.4.1', async t => {
    const stats = new ReceiverStats(90_000)
    const jitters = [[0, 0], [45, 3_600], [80, 7_200], [130, 10_800]].map(([now, timestamp], sequence) => {
      stats.add({ ssrc, sequence, timestamp: (0xffff_f000 + timestamp!) >>> 0 }, 1, now!)
      return stats.jitter
    })
    // 40 ms apart when sent: 5 ms late, then 5 ms early, then 10 ms late.
    const first = 5 / 16
    const second = first + (5 - first) / 16
    const third = second + (10 - second) / 16
    for (const [index, expected] of [0, first, second, third].entries()) t.ok(Math.abs(jitters[index]! - expected) < 1e-9)
    t.equal(Math.floor(stats.report(0)!.jitter), Math.floor(third * 90))
  })
  t.test('refer to the last sender report, with its age', async t => {
    const stats = receive([1])
    t.match(stats.report(5), { lastReport: 0, sinceLastReport: 0 })
    stats.noteSenderReport(senderReport, 1_000)
    t.match(stats.report(3_500), { lastReport: 0x1234_5678, sinceLastReport: 2.5 * 65_536 })
    stats.noteSenderReport({ ...senderReport, ssrc: 1 }, 1_000)
    t.match(stats.report(3_500), { lastReport: 0, sinceLastReport: 0 }, 'of another source')
  })
  t.test('are undefined before the first packet', async t => {
    t.equal(new ReceiverStats(90_000).report(0), undefined)
  })
  t.test('can always be written as a report', async () => {
    const packet = fc.record({ ssrc: fc.constantFrom(1, 2), sequence: fc.nat(65_535), timestamp: fc.nat(2 ** 32 - 1) })
    const reordered = fc.integer({ min: -120, max: 3_100 })
    fc.assert(fc.property(fc.array(fc.tuple(packet, reordered, fc.boolean(), fc.nat(1e9))), packets => {
      const stats = new ReceiverStats(1)
      let last = 0
      for (const [stamp, step, jumps, now] of packets) {
        last = jumps ? stamp.sequence : (last + step) & 0xffff
        stats.add({ ...stamp, sequence: last }, 1, now)
        writeReceiverReport(1, 'c', [stats.report(now)!])
        if (stats.lost < 0 || stats.jitter < 0) throw new Error('below zero')
      }
    }), { numRuns: 300 })
  })
})
