import fc from 'fast-check'
import t from 'tap'
import { parseRtcp, writeReceiverReport, writeSenderReport, type ReportBlock } from '../../src/rtp/rtcp.js'

const ssrc = 0xcafe
const senderReport = (seconds: number, fraction: number, timestamp = 7) => {
  const report = Buffer.from('80c80006' + '0000cafe' + '00'.repeat(20), 'hex')
  report.writeUInt32BE(seconds, 8)
  report.writeUInt32BE(fraction, 12)
  report.writeUInt32BE(timestamp, 16)
  return report
}

t.test('RTCP', async t => {
  t.test('yields the camera\'s clock', async t => {
    // 2^31 s after 1900, and half a second: 2^31 - 2208988800 s before 1970.
    t.same(parseRtcp(senderReport(2 ** 31, 2 ** 31)), [
      { ssrc, wall: (2 ** 31 - 2_208_988_800) * 1_000 + 500, timestamp: 7, compactNtp: 0x8000 }])
    t.match(parseRtcp(senderReport(2_208_988_800 + 1_700_000_000, 0)), [{ wall: 1_700_000_000_000 }])
    for (const uptime of [0, 3_600]) t.match(parseRtcp(senderReport(uptime, 5)), [{ wall: undefined }])
  })
  t.test('of a compound packet yields its sender reports', async t => {
    const block: ReportBlock = { ssrc, fractionLost: 0, lost: 0, highestSequence: 0, jitter: 0, lastReport: 0, sinceLastReport: 0 }
    const bye = Buffer.from('82cb0003' + '0000cafe' + '00000001' + '00000000', 'hex')
    t.equal(parseRtcp(Buffer.concat([writeReceiverReport(1, 'name', [block]), senderReport(0xe000_0000, 0), bye])).length, 1)
    t.same(parseRtcp(bye), [])
  })
  t.test('that is damaged yields nothing', async t => {
    const report = senderReport(0xe000_0000, 0)
    for (let length = 0; length < report.length; length++) t.same(parseRtcp(report.subarray(0, length)), [])
    t.same(parseRtcp(Buffer.concat([report, Buffer.from([0x80])])), [])
    t.same(parseRtcp(Buffer.concat([Buffer.from('80c80007', 'hex'), report.subarray(4)])), [], 'longer than the packet')
    t.same(parseRtcp(Buffer.concat([Buffer.from([0x40]), report.subarray(1)])), [])
    t.same(parseRtcp(Buffer.from('80c80001' + '0000cafe', 'hex')), [], 'too short for a sender report')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const framed = Buffer.from(bytes)
      if (framed.length > 3) framed.set([0x80 | (framed[0]! & 0x3f), 200 + framed[1]! % 5, 0, framed[3]! % 8])
      parseRtcp(framed)
    }), { numRuns: 500 })
  })
  t.test('of a receiver has the fields of section 6.4.2, and its name', async t => {
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
  t.test('has a time on two clocks, and how much was sent', async t => {
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
