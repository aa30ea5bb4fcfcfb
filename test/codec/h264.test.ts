import fc from 'fast-check'
import t from 'tap'
import { aggregateH264Nals, h264NalType, packetizeH264Nal } from '../../src/codec/h264.js'

const nal = (type: number, ...rest: number[]) => Buffer.from([0x60 | type, ...rest])

/** Reassembles the payloads as a receiver does, RFC 6184 section 5.8. */
function reassemble (payloads: Buffer[]): Buffer {
  if (payloads.length === 1) return payloads[0]!
  const header = (payloads[0]!.readUInt8(0) & 0xe0) | (payloads[0]!.readUInt8(1) & 0x1f)
  return Buffer.concat([Buffer.from([header]), ...payloads.map(payload => payload.subarray(2))])
}

t.test('an H.264 NAL unit in RTP', async t => {
  t.test('is reassembled from payloads that fit', async t => {
    const units = fc.uint8Array({ minLength: 1, maxLength: 300 }).map(bytes => Buffer.from(bytes))
      .filter(unit => h264NalType(unit) > 0 && h264NalType(unit) < 24 && unit.readUInt8(0) < 0x80)
    fc.assert(fc.property(units, fc.integer({ min: 3, max: 310 }), (unit, maxBytes) => {
      const payloads = packetizeH264Nal(unit, maxBytes)
      t.ok(payloads.every(payload => payload.length <= maxBytes))
      t.same(reassemble(payloads), unit)
    }))
  })
  t.test('is aggregated with others, with the highest nal_ref_idc among them', async t => {
    t.equal(aggregateH264Nals([Buffer.from('0601', 'hex'), Buffer.from('6742', 'hex'), Buffer.from('41', 'hex')]).toString('hex'), '78' + '00020601' + '00026742' + '000141')
  })
  t.test('is marked where it starts and ends', async t => {
    const payloads = packetizeH264Nal(nal(5, 1, 2, 3, 4, 5), 4)
    t.same(payloads.map(payload => payload.toString('hex')), ['7c850102', '7c050304', '7c4505'])
    t.same(packetizeH264Nal(nal(5, 1, 2, 3), 4), [nal(5, 1, 2, 3)])
  })
})
