import fc from 'fast-check'
import t from 'tap'
import { accessUnits, splitNalUnits } from '../../src/codec/annex-b.js'
import { h264PictureRules, isH264KeyPicture } from '../../src/codec/h264.js'

const nal = (type: number, ...rest: number[]) => Buffer.from([0x60 | type, ...rest])
const first = 0x88 // first_mb_in_slice 0
const later = 0x40 // first_mb_in_slice 1

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
    t.same(accessUnits([sps, pps, sei, idr, idrRest, p, p, aud, p, sps, idr, pps], h264PictureRules),
      [[sps, pps, sei, idr, idrRest], [p], [p], [aud, p], [sps, idr]])
    t.same(accessUnits([], h264PictureRules), [])
    t.ok(isH264KeyPicture([sps, idr]))
    t.notOk(isH264KeyPicture([aud, p]))
  })
})
