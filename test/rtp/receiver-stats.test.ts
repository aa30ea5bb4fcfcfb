import fc from 'fast-check'
import t from 'tap'
import { ReceiverStats } from '../../src/rtp/receiver-stats.js'
import { parseRtcp, writeReceiverReport, writeSenderReport, type ReportBlock } from '../../src/rtp/rtcp.js'

const ssrc = 0xcafe
const receive = (sequences: readonly number[], reception = new ReceiverStats(90_000)) => {
  for (const sequence of sequences) reception.add({ ssrc, sequence, timestamp: 0 }, 100, 0)
  return reception
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => (from + index) & 0xffff)
const senderReport = (seconds: number, fraction: number, timestamp = 7) => {
  const report = Buffer.from('80c80006' + '0000cafe' + '00'.repeat(20), 'hex')
  report.writeUInt32BE(seconds, 8)
  report.writeUInt32BE(fraction, 12)
  report.writeUInt32BE(timestamp, 16)
  return report
}

t.test('a reception', async t => {
  t.test('counts what came and what did not, across the wrap', async t => {
    const reception = receive([...range(65_500, 65_530), ...range(65_534, 65_546)])
    t.match(reception, { lost: 4, bytes: 4_200 })
    t.match(reception.report(0), { ssrc, lost: 4, highestSequence: 65_545, fractionLost: Math.floor(256 * 4 / 46) })
  })
  t.test('says the fraction lost since the last report', async t => {
    const reception = receive([1, 2, 4])
    t.equal(reception.report(0)?.fractionLost, 64)
    t.equal(receive([5, 6], reception).report(0)?.fractionLost, 0)
    t.equal(receive([8], reception).report(0)?.fractionLost, 128)
    t.equal(reception.report(0)?.fractionLost, 0, 'nothing came')
    t.equal(receive([7, 7, 7], reception).report(0)?.fractionLost, 0, 'late and twice')
    t.equal(reception.report(0)?.lost, -1)
    t.equal(reception.lost, 0)
  })
  t.test('takes a late packet for no loss', async t => {
    t.equal(receive([10, 12, 13]).lost, 1)
    t.equal(receive([10, 12, 11, 13]).lost, 0)
    t.equal(receive([0, 65_535, 1]).report(0)?.highestSequence, 1)
  })
  t.test('begins anew with another source, and keeps what was lost before', async t => {
    const reception = receive([1, 3])
    reception.add({ ssrc: 9, sequence: 40_000, timestamp: 5 }, 1, 1_000)
    t.match(reception, { lost: 1, jitter: 0 })
    t.match(reception.report(0), { ssrc: 9, lost: 0, fractionLost: 0, highestSequence: 40_000 })
  })
  t.test('begins anew behind a jump that a second packet confirms', async t => {
    t.equal(receive([0, 2_999]).lost, 2_998, 'no jump yet')
    t.match(receive([0, 1, 3_001, 3_002, 3_003]).report(0), { lost: 0, highestSequence: 3_003 })
    t.match(receive([200, 201, 100, 101]).report(0), { lost: 0, highestSequence: 101 })
    t.match(receive([0, 1, 30_000, 2, 30_001, 3]).report(0), { lost: 0, highestSequence: 3 }, 'strays')
  })
  t.test('measures jitter as RFC 3550 section 6.4.1 does', async t => {
    const reception = new ReceiverStats(90_000)
    const jitters = [[0, 0], [45, 3_600], [80, 7_200], [130, 10_800]].map(([now, timestamp], sequence) => {
      reception.add({ ssrc, sequence, timestamp: (0xffff_f000 + timestamp!) >>> 0 }, 1, now!)
      return reception.jitter
    })
    // 40 ms apart when sent: 5 ms late, then 5 ms early, then 10 ms late.
    const first = 5 / 16
    const second = first + (5 - first) / 16
    const third = second + (10 - second) / 16
    for (const [index, expected] of [0, first, second, third].entries()) t.ok(Math.abs(jitters[index]! - expected) < 1e-9)
    t.equal(Math.floor(reception.report(0)!.jitter), Math.floor(third * 90))
  })
  t.test('names the last sender report and its age', async t => {
    const reception = receive([1])
    t.match(reception.report(5), { lastReport: 0, sinceLastReport: 0 })
    const [report] = parseRtcp(senderReport(0xe000_1234, 0x5678_9abc))
    if (!report) throw new Error('expected a sender report')
    reception.heard(report, 1_000)
    t.match(reception.report(3_500), { lastReport: 0x1234_5678, sinceLastReport: 2.5 * 65_536 })
    reception.heard({ ...report, ssrc: 1 }, 1_000)
    t.match(reception.report(3_500), { lastReport: 0, sinceLastReport: 0 }, 'of another source')
  })
  t.test('has nothing to report before the first packet', async t => {
    t.equal(new ReceiverStats(90_000).report(0), undefined)
  })
  t.test('reports what can be written, whatever comes', async () => {
    const packet = fc.record({ ssrc: fc.constantFrom(1, 2), sequence: fc.nat(65_535), timestamp: fc.nat(2 ** 32 - 1) })
    const reordered = fc.integer({ min: -120, max: 3_100 })
    fc.assert(fc.property(fc.array(fc.tuple(packet, reordered, fc.boolean(), fc.nat(1e9))), packets => {
      const reception = new ReceiverStats(1)
      let last = 0
      for (const [stamp, step, jumps, now] of packets) {
        last = jumps ? stamp.sequence : (last + step) & 0xffff
        reception.add({ ...stamp, sequence: last }, 1, now)
        writeReceiverReport(1, 'c', [reception.report(now)!])
        if (reception.lost < 0 || reception.jitter < 0) throw new Error('below zero')
      }
    }), { numRuns: 300 })
  })
})

t.test('RTCP', async t => {
  t.test('tells the camera\'s clock', async t => {
    // 2^31 s after 1900, and half a second: 2^31 - 2208988800 s before 1970.
    t.same(parseRtcp(senderReport(2 ** 31, 2 ** 31)), [
      { ssrc, wall: (2 ** 31 - 2_208_988_800) * 1_000 + 500, timestamp: 7, compactNtp: 0x8000 }])
    t.match(parseRtcp(senderReport(2_208_988_800 + 1_700_000_000, 0)), [{ wall: 1_700_000_000_000 }])
    for (const uptime of [0, 3_600]) t.match(parseRtcp(senderReport(uptime, 5)), [{ wall: undefined }])
  })
  t.test('of a compound packet tells the reports of senders', async t => {
    const block: ReportBlock = { ssrc, fractionLost: 0, lost: 0, highestSequence: 0, jitter: 0, lastReport: 0, sinceLastReport: 0 }
    const bye = Buffer.from('82cb0003' + '0000cafe' + '00000001' + '00000000', 'hex')
    t.equal(parseRtcp(Buffer.concat([writeReceiverReport(1, 'name', [block]), senderReport(0xe000_0000, 0), bye])).length, 1)
    t.same(parseRtcp(bye), [])
  })
  t.test('that is damaged says nothing', async t => {
    const report = senderReport(0xe000_0000, 0)
    for (let length = 0; length < report.length; length++) t.same(parseRtcp(report.subarray(0, length)), [])
    t.same(parseRtcp(Buffer.concat([report, Buffer.from([0x80])])), [])
    t.same(parseRtcp(Buffer.concat([Buffer.from('80c80007', 'hex'), report.subarray(4)])), [], 'longer than it came')
    t.same(parseRtcp(Buffer.concat([Buffer.from([0x40]), report.subarray(1)])), [])
    t.same(parseRtcp(Buffer.from('80c80001' + '0000cafe', 'hex')), [], 'too short for a sender report')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const framed = Buffer.from(bytes)
      if (framed.length > 3) framed.set([0x80 | (framed[0]! & 0x3f), 200 + framed[1]! % 5, 0, framed[3]! % 8])
      parseRtcp(framed)
    }), { numRuns: 500 })
  })
  t.test('of a receiver says what section 6.4.2 lists, and its name', async t => {
    const block: ReportBlock = {
      ssrc, fractionLost: 64, lost: -2, highestSequence: 0x1_0001, jitter: 450.9, lastReport: 0x1234_5678, sinceLastReport: 163_840
    }
    t.equal(writeReceiverReport(0xbeef, 'ab', [block]).toString('hex'),
      '81c90007' + '0000beef' + '0000cafe' + '40' + 'fffffe' + '00010001' + '000001c2' + '12345678' + '00028000' +
      '81ca0003' + '0000beef' + '0102' + '6162' + '00000000')
    t.equal(writeReceiverReport(0xbeef, 'a', []).toString('hex'), '80c90001' + '0000beef' + '81ca0002' + '0000beef' + '010161' + '00')
    t.equal(writeReceiverReport(1, 'a', [{ ...block, lost: 1e9 }]).toString('hex', 13, 16), '7fffff')
  })
})

t.test('a sender report', async t => {
  const report = writeSenderReport({ ssrc: 0xaabbccdd, wall: Date.UTC(2026, 0, 1) + 250, timestamp: 2 ** 32 + 5, packets: 7, octets: 900 }, 'camgate')
  t.test('tells a time on two clocks, and what was sent', async t => {
    t.equal(report.toString('hex', 0, 8), '80c80006aabbccdd')
    t.equal(report.readUInt32BE(8), 3_976_214_400, 'seconds since 1900')
    t.equal(report.readUInt32BE(12), 2 ** 30, 'a quarter of one')
    t.same([16, 20, 24].map(at => report.readUInt32BE(at)), [5, 7, 900])
  })
  t.test('ends with the name of the source, in whole words', async t => {
    t.equal(report.toString('hex', 28), '81ca0004' + 'aabbccdd' + '0107' + Buffer.from('camgate').toString('hex') + '000000')
    t.equal(writeSenderReport({ ssrc: 1, wall: 0, timestamp: 0, packets: 0, octets: 0 }, 'c').length, 28 + 12)
  })
})
