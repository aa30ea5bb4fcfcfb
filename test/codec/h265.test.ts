import fc from 'fast-check'
import t from 'tap'
import { accessUnits } from '../../src/codec/annex-b.js'
import { aggregateH265Nals, h265NalType, h265PictureRules, packetizeH265Nal } from '../../src/codec/h265.js'

const nal = (type: number, ...rest: number[]) => Buffer.from([type << 1, 1, ...rest])

/** Reassembles the payloads as a receiver does, RFC 7798 section 4.4.3. */
function reassemble (payloads: Buffer[]): Buffer {
  if (payloads.length === 1) return payloads[0]!
  const [first] = payloads
  const header = [(first!.readUInt8(0) & 0x81) | ((first!.readUInt8(2) & 0x3f) << 1), first!.readUInt8(1)]
  return Buffer.concat([Buffer.from(header), ...payloads.map(payload => payload.subarray(3))])
}

t.test('an H.265 NAL unit in RTP', async t => {
  t.test('is reassembled from payloads that fit', async t => {
    const units = fc.uint8Array({ minLength: 3, maxLength: 300 }).map(bytes => Buffer.from(bytes))
      .filter(unit => h265NalType(unit) < 48 && unit.readUInt8(0) < 0x80)
    fc.assert(fc.property(units, fc.integer({ min: 4, max: 310 }), (unit, maxBytes) => {
      const payloads = packetizeH265Nal(unit, maxBytes)
      t.ok(payloads.every(payload => payload.length <= maxBytes))
      t.same(reassemble(payloads), unit)
    }))
  })
  t.test('is aggregated with others', async t => {
    t.equal(aggregateH265Nals([nal(32, 7), nal(33)]).toString('hex'), '6001' + '0003400107' + '00024201')
  })
  t.test('is marked where it starts and ends', async t => {
    const payloads = packetizeH265Nal(nal(19, 1, 2, 3, 4, 5), 5)
    t.same(payloads.map(payload => payload.toString('hex')), ['6201930102', '6201130304', '62015305'])
    t.same(packetizeH265Nal(nal(19, 1, 2), 4), [nal(19, 1, 2)])
  })
})

t.test('H.265 pictures are their slices and the NAL units before them', async t => {
  const [vps, sps, pps, sei, idr, idrRest, p] = [nal(32), nal(33), nal(34), nal(39), nal(19, 0x80), nal(19, 0x20), nal(1, 0xc0)] as const
  t.same(accessUnits([vps, sps, pps, sei, idr, idrRest, p, p, vps, idr], h265PictureRules),
    [[vps, sps, pps, sei, idr, idrRest], [p], [p], [vps, idr]])
})
