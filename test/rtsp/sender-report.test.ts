import t from 'tap'
import { writeSenderReport } from '../../src/rtsp/sender-report.js'

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
