import t from 'tap'
import { h264CodecString, h265CodecString } from '../../src/live/codec-string.js'

t.test('the codec string of H.264 is profile, constraints and level', async t => {
  t.equal(h264CodecString(Buffer.from('67 42 c0 1e d9'.replaceAll(' ', ''), 'hex')), 'avc1.42c01e')
  t.equal(h264CodecString(Buffer.from('6742', 'hex')), undefined)
})

t.test('the codec string of H.265', async t => {
  // The parameter sets of x265, with an emulation prevention byte in profile_tier_level.
  t.equal(h265CodecString(Buffer.from('420101016000000300900000030000030078a00280', 'hex')), 'hvc1.1.6.L120.90')
  t.equal(h265CodecString(Buffer.from('4201012220000000b0000000000099a0', 'hex')), 'hvc1.2.4.H153.B0')
  t.equal(h265CodecString(Buffer.from('42010141600000000000000000005da0', 'hex')), 'hvc1.A1.6.L93', 'a profile space, no constraints')
  t.equal(h265CodecString(Buffer.from('420101', 'hex')), undefined)
})
