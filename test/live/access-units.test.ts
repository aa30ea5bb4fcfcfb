import t from 'tap'
import { h264Format } from '../../src/codec/h264-format.js'
import { lowDelaySps } from '../../src/codec/order/low-delay-sps.js'
import { AccessUnits } from '../../src/live/access-units.js'
import { coded } from '../coded/pictures.js'

const startCode = Buffer.from([0, 0, 0, 1])
/** As x264 wrote it for pictures with B-frames. */
const sps = Buffer.from('67640028acd94078044f526022000003000200000300283e2c5b2c', 'hex')
const slice = Buffer.concat([startCode, Buffer.from('65888400', 'hex'), Buffer.alloc(100, 7)])
const delimited = (...parts: Buffer[]) => Buffer.concat([...parts, slice, h264Format.delimiter])
const nal = (bytes: Buffer) => Buffer.concat([startCode, bytes])
const key = (...parts: Buffer[]) => coded({ key: true, bytes: delimited(...parts) })
const pps = nal(Buffer.from('68ebe3cb22c0', 'hex'))

t.test('access units for browsers', async t => {
  t.ok(lowDelaySps(sps))
  const rewritten = nal(lowDelaySps(sps)!)
  t.notSame(rewritten, nal(sps))
  t.test('have their sequence parameter sets rewritten', async t => {
    const units = new AccessUnits()
    for (let again = 0; again < 2; again++) t.same(units.of(key(nal(sps), pps), true), Buffer.concat([rewritten, pps, slice]))
    t.same(units.of(key(nal(sps), nal(sps), pps), true), Buffer.concat([rewritten, rewritten, pps, slice]), 'all of them')
    t.same(units.of(key(pps), true), Buffer.concat([pps, slice]))
  })
  t.test('are views where nothing has to be rewritten', async t => {
    const units = new AccessUnits()
    const views = [[coded({ bytes: delimited(nal(sps)) }), true], [key(nal(sps), pps), false], [key(rewritten, pps), true], [key(nal(sps.subarray(0, 8)), pps), true]] as const
    for (const [picture, rewrites] of views) {
      const unit = units.of(picture, rewrites)
      t.equal(unit.buffer, picture.bytes.buffer)
      t.same(unit, picture.bytes.subarray(0, -h264Format.delimiter.length))
    }
  })
  t.test('of H.265 lose the delimiter', async t => {
    const bytes = Buffer.from('000000014601' + '50' + '00000001460150', 'hex')
    t.same(new AccessUnits().of(coded({ codec: 'h265', key: true, bytes }), true).toString('hex'), '00000001460150')
  })
})
