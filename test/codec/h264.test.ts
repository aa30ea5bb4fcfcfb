import fc from 'fast-check'
import t from 'tap'
import { accessUnits, aggregateNals, isKeyPicture, nalType, packetizeNal, splitNalUnits } from '../../src/codec/h264.js'

const nal = (type: number, ...rest: number[]) => Buffer.from([0x60 | type, ...rest])
const first = 0x88 // first_mb_in_slice 0
const later = 0x40 // first_mb_in_slice 1

/** Reassembles the payloads as a receiver does, RFC 6184 section 5.8. */
function reassemble (payloads: Buffer[]): Buffer {
  if (payloads.length === 1) return payloads[0]!
  const header = (payloads[0]!.readUInt8(0) & 0xe0) | (payloads[0]!.readUInt8(1) & 0x1f)
  return Buffer.concat([Buffer.from([header]), ...payloads.map(payload => payload.subarray(2))])
}

t.test('an Annex B stream', async t => {
  t.test('splits into the NAL units that were put in', async t => {
    // Emulation prevention keeps 00 00 00 and 00 00 01 out of a NAL unit, and a NAL unit does not end with a zero.
    const unit = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 40 }).map(bytes => Buffer.from(bytes))
    const startCode = fc.constantFrom('000001', '00000001', '0000000001').map(hex => Buffer.from(hex, 'hex'))
    fc.assert(fc.property(fc.array(fc.tuple(startCode, unit)), fc.nat(3), (parts, trailing) => {
      const stream = Buffer.concat([...parts.flat(), Buffer.alloc(trailing)])
      t.same(splitNalUnits(stream), parts.map(([, bytes]) => bytes))
    }))
  })
  t.test('may contain anything', async () => {
    fc.assert(fc.property(fc.uint8Array({ max: 2 }), bytes => { splitNalUnits(Buffer.from(bytes)) }))
  })
  t.test('yields a picture with the NAL units before it', async t => {
    const [sps, pps, sei, idr, idrRest, p, aud] =
      [nal(7, 1), nal(8, 1), nal(6, 1), nal(5, first), nal(5, later), nal(1, first), nal(9, 1)] as const
    t.same(accessUnits([sps, pps, sei, idr, idrRest, p, p, aud, p, sps, idr, pps]),
      [[sps, pps, sei, idr, idrRest], [p], [p], [aud, p], [sps, idr]])
    t.same(accessUnits([]), [])
    t.ok(isKeyPicture([sps, idr]))
    t.notOk(isKeyPicture([aud, p]))
  })
})

t.test('a NAL unit in RTP', async t => {
  t.test('is reassembled from payloads that fit', async t => {
    const units = fc.uint8Array({ minLength: 1, maxLength: 300 }).map(bytes => Buffer.from(bytes))
      .filter(unit => nalType(unit) > 0 && nalType(unit) < 24 && unit.readUInt8(0) < 0x80)
    fc.assert(fc.property(units, fc.integer({ min: 3, max: 310 }), (unit, maxBytes) => {
      const payloads = packetizeNal(unit, maxBytes)
      t.ok(payloads.every(payload => payload.length <= maxBytes))
      t.same(reassemble(payloads), unit)
    }))
  })
  t.test('is aggregated with others, with the highest importance among them', async t => {
    t.equal(aggregateNals([Buffer.from('0601', 'hex'), Buffer.from('6742', 'hex'), Buffer.from('41', 'hex')]).toString('hex'), '78' + '00020601' + '00026742' + '000141')
  })
  t.test('is marked where it starts and ends', async t => {
    const payloads = packetizeNal(nal(5, 1, 2, 3, 4, 5), 4)
    t.same(payloads.map(payload => payload.toString('hex')), ['7c850102', '7c050304', '7c4505'])
    t.same(packetizeNal(nal(5, 1, 2, 3), 4), [nal(5, 1, 2, 3)])
  })
})
