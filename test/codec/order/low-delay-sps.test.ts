import fc from 'fast-check'
import t from 'tap'
import { BitReader, withoutEmulationPrevention } from '../../../src/codec/bits.js'
import { BitWriter } from '../../../src/codec/order/bit-writer.js'
import { lowDelaySps } from '../../../src/codec/order/low-delay-sps.js'
import { cutSps, decode, positionOf, spsOf, traceSps, withSps, x264, type Field } from './x264.js'

/** Streams without B-frames. */
const streams: Record<string, Buffer> = {
  baseline: x264('bframes=0', { profile: 'baseline' }),
  main: x264('bframes=0:8x8dct=0:cabac=1:ref=1'),
  delimiters: x264('bframes=0:aud=1:ref=5'),
  'fake interlaced': x264('bframes=0:fake-interlaced=1'),
  'HRD, constant rate': x264('bframes=0:nal-hrd=cbr:vbv-maxrate=300:vbv-bufsize=300:bitrate=300'),
  'HRD, variable rate, pic_struct': x264('bframes=0:nal-hrd=vbr:vbv-maxrate=300:vbv-bufsize=300:bitrate=200:pic-struct=1'),
  interlaced: x264('bframes=0:tff=1'),
  'bottom field first': x264('bframes=0:bff=1:level=5.1'),
  'scaling lists of its pictures': x264('bframes=0:cqm=jvt'),
  'High 10': x264('bframes=0', { pixels: 'yuv420p10le' }),
  'High 4:2:2': x264('bframes=0', { pixels: 'yuv422p' }),
  'High 4:4:4': x264('bframes=0', { pixels: 'yuv444p' }),
  colours: x264('bframes=0:colorprim=bt709:transfer=bt709:colormatrix=bt709:sar=123/77:overscan=show:range=pc:chromaloc=1'),
  'intra refresh, slices': x264('bframes=0:intra-refresh=1:slices=4')
}
const RESTRICTION = ['bitstream_restriction_flag', 'motion_vectors_over_pic_boundaries_flag', 'max_bytes_per_pic_denom', 'max_bits_per_mb_denom',
  'log2_max_mv_length_horizontal', 'log2_max_mv_length_vertical', 'max_num_reorder_frames', 'max_dec_frame_buffering']
const valueOf = (fields: readonly Field[], name: string) => fields.find(field => field.name === name)?.value
const pairs = (fields: readonly Field[], without: readonly string[] = []) =>
  fields.filter(({ name }) => !name.startsWith('rbsp') && !without.includes(name)).map(({ name, value }) => `${name} ${value}`)

/** x264 writes scaling lists into picture parameter sets only. */
function withScalingLists (sps: Buffer, at: number): Buffer {
  const writer = new BitWriter()
  const rbsp = withoutEmulationPrevention(sps)
  writer.copy(rbsp, at)
  for (let flag = 0; flag < 2; flag++) writer.flag(true) // seq_scaling_matrix_present_flag, and that of the first list
  for (let scale = 0; scale < 16; scale++) writer.unsigned(scale % 5) // se(v) of -2 to 2
  for (let list = 1; list < 8; list++) writer.flag(false)
  const rest = new BitReader(rbsp)
  rest.skip(at + 1)
  while (!rest.isAtTrailingBits) writer.flag(rest.flag())
  return writer.toNal()
}

/** Each stream as it is, without its bitstream restriction, and without its VUI. */
const plain = x264('bframes=0')
const [plainFields] = traceSps([plain])
streams['scaling lists'] = withSps(plain, sps => withScalingLists(sps, positionOf(plainFields!, 'seq_scaling_matrix_present_flag')))
const originals = Object.values(streams)
const fields = traceSps(originals)
const variants = originals.map((stream, at) => [
  stream,
  ...['bitstream_restriction_flag', 'vui_parameters_present_flag'].map(name => withSps(stream, sps => cutSps(sps, positionOf(fields[at]!, name))))
])
const rewritten = variants.map(same => same.map(stream => withSps(stream, sps => lowDelaySps(sps)!)))
const before = traceSps(variants.flat())
const after = traceSps(rewritten.flat())

t.test('a rewritten sequence parameter set', async t => {
  t.equal(before.length, 3 * originals.length)
  t.equal(after.length, before.length)
  for (const [at, name] of Object.keys(streams).entries()) {
    t.test(`of ${name}`, async t => {
      for (const [variant, index] of [['whole', 3 * at], ['without a restriction', 3 * at + 1], ['without VUI', 3 * at + 2]] as const) {
        const [was, is] = [before[index]!, after[index]!]
        const refFrames = valueOf(was, 'max_num_ref_frames')!
        t.match({ reorder: valueOf(is, 'max_num_reorder_frames'), buffering: valueOf(is, 'max_dec_frame_buffering') }, { reorder: 0, buffering: Math.max(1, refFrames) }, variant)
        const own = variant === 'without VUI' ? is.slice(was.findIndex(({ name }) => name === 'vui_parameters_present_flag')).map(({ name }) => name) : []
        t.same(pairs(is, [...RESTRICTION, ...own]), pairs(was, [...RESTRICTION, ...own]), `${variant}: nothing else has changed`)
        if (variant === 'without VUI') t.same(is.filter(({ name }) => own.includes(name) && !RESTRICTION.includes(name) && !name.startsWith('rbsp')).map(({ value }) => value), [1, 0, 0, 0, 0, 0, 0, 0, 0])
        if (variant === 'whole') t.same(pairs(is, RESTRICTION.slice(-2)), pairs(was, RESTRICTION.slice(-2)), 'nor have its other limits')
      }
      const decoded = decode(Buffer.concat([originals[at]!, ...rewritten[at]!]))
      const pictures = decoded.slice(0, 12)
      t.same(decoded, [...pictures, ...pictures, ...pictures, ...pictures], 'the pictures are the same')
    })
  }
  t.test('is rewritten to itself', async t => {
    for (const stream of rewritten.flat()) t.same(lowDelaySps(spsOf(stream)), spsOf(stream))
  })
})

t.test('a set that cannot be read to its end is left alone', async t => {
  const sps = spsOf(streams.colours!)
  for (let end = 1; end < sps.length; end++) t.equal(lowDelaySps(sps.subarray(0, end)), undefined)
  t.equal(lowDelaySps(Buffer.concat([sps, Buffer.from([0x80])])), undefined, 'more than the set')
  t.same(lowDelaySps(Buffer.concat([sps, Buffer.alloc(3)])), lowDelaySps(sps), 'zeros after it mean nothing')
})

t.test('a set may contain anything', async () => {
  const spss = originals.map(spsOf)
  fc.assert(fc.property(fc.constantFrom(...spss), fc.nat(60), fc.uint8Array({ maxLength: 60 }), (sps, length, more) => {
    const after = lowDelaySps(Buffer.concat([sps.subarray(0, length), more]))
    if (after && !lowDelaySps(after)?.equals(after)) throw new Error('rewritten again, it differs')
  }), { numRuns: 2_000 })
})

t.test('bits are read as they were written', async () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.boolean(), fc.nat())), fields => {
    const writer = new BitWriter()
    for (const field of fields) {
      if (typeof field === 'boolean') writer.flag(field)
      else writer.unsigned(field)
    }
    const nal = writer.toNal()
    if (/00 00 0[012]/.test(nal.toString('hex').match(/../g)!.join(' '))) throw new Error('a start code')
    const reader = new BitReader(withoutEmulationPrevention(nal))
    for (const field of fields) if ((typeof field === 'boolean' ? reader.flag() : reader.unsigned()) !== field) throw new Error('another value')
    if (reader.broken || !reader.isAtTrailingBits) throw new Error('more, or less')
  }))
})
