import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { CamgateError } from '../../src/errors.js'
import { BitReader, withoutEmulationPrevention } from '../../src/codec/bits.js'
import type { PictureFormat } from '../../src/codec/coded-picture.js'
import { readH264Sps } from '../../src/codec/h264-sps.js'
import { readH265Sps } from '../../src/codec/h265-sps.js'

/** Writes numbers with the given count of bits, or as ue(v). */
function bitsOf (...fields: Array<[value: number, count?: number]>): Buffer {
  const written = fields.map(([value, count]) => {
    const code = (count === undefined ? value + 1 : value).toString(2)
    return count === undefined ? '0'.repeat(code.length - 1) + code : code.padStart(count, '0').slice(-count || code.length)
  }).join('') + '1'
  return Buffer.from((written.padEnd(Math.ceil(written.length / 8) * 8, '0').match(/.{8}/g) ?? []).map(byte => parseInt(byte, 2)))
}

t.test('a bit reader', async t => {
  t.test('reads what was written', async () => {
    const field = fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 2 }), fc.constant(undefined)),
      fc.integer({ min: 1, max: 32 }).chain(count => fc.tuple(fc.integer({ min: 0, max: 2 ** count - 1 }), fc.constant(count)))
    )
    fc.assert(fc.property(fc.array(field), fields => {
      const reader = new BitReader(bitsOf(...fields as Array<[number, number?]>))
      for (const [value, count] of fields) assert.equal(count === undefined ? reader.unsigned() : reader.bits(count), value)
      assert.ok(!reader.broken)
      reader.bits(9)
      assert.ok(reader.broken)
    }))
  })
  t.test('reads signed numbers by H.264 table 9-3', async t => {
    const reader = new BitReader(bitsOf([0], [1], [2], [3], [4]))
    t.strictSame([1, 2, 3, 4, 5].map(() => reader.signed() + 0), [0, 1, -1, 2, -2])
  })
  t.test('is broken by an endless number', async t => {
    const reader = new BitReader(Buffer.concat([Buffer.alloc(5), Buffer.from([1]), Buffer.alloc(100_000)]))
    t.equal(reader.unsigned(), 0)
    t.ok(reader.broken)
  })
  t.test('skips emulation prevention bytes', async t => {
    const without = (hex: string) => withoutEmulationPrevention(Buffer.from(hex, 'hex')).toString('hex')
    t.equal(without('6700000300000301000003'), '67' + '00000000' + '010000')
    t.equal(without('0000040003'), '0000040003')
  })
})

const h264 = (hex: string) => readH264Sps(Buffer.from(hex, 'hex'))
const h265 = (hex: string) => readH265Sps(Buffer.from(hex, 'hex'))

/** As x264 and x265 wrote them for pictures of these sizes. */
const real = {
  h264: [
    ['6742c00cd90150878888c044000003000400000300503c50a920', 'Constrained Baseline', 322, 242],
    ['674d4028eca03c0113f2e022000003000200000300281e30632c', 'Main', 1920, 1080],
    ['67640028acd94078044f526022000003000200000300283e2c5b2c', 'High', 1918, 1076], // interlaced
    ['6764000cacd94141fb011000000300100000030140f1429960', 'High', 320, 240], // the standard's scaling lists
    ['6764000cacd9415087965c0440000003004000000503c50a6580', 'High', 328, 248], // scaling lists of its own
    ['677a0016bcd940a42fe227c044000003000400000300503c58b658', 'profile 122', 642, 362], // 4:2:2
    ['67f4000a919b2884f5260220000003002000000641e244b2c0', 'profile 244', 63, 61], // 4:4:4
    ['676e0016a6cd940a02ff93011000000300100000030140f162d960', 'High 10', 640, 362]
  ],
  h265: [
    ['42010101600000030090000003000003003ca00a480f9c9265959a4932bc05a02000000300200000030141', 'Main', 322, 242],
    ['420101022000000300900000030000030078a003c08010e4d96566924caf0168080000030008000003005040', 'Main 10', 1920, 1080],
    ['4201010408000003009d0800000300003fb005120171c93e5959a4932bc05a020000030002000003001410', 'profile 4', 642, 362], // 4:2:2
    ['4201010408000003009e0800000300001e90041020ea4cb2b35c995e02d0100000030010000003019080', 'profile 4', 63, 61] // 4:4:4
  ]
} as const

t.test('a sequence parameter set yields profile, size and depth', async t => {
  for (const [hex, profile, width, height] of real.h264) t.same(h264(hex), { profile, width, height, depth: profile === 'High 10' ? 10 : 8 })
  for (const [hex, profile, width, height] of real.h265) t.same(h265(hex), { id: 0, format: { profile, width, height, depth: profile === 'Main 10' ? 10 : 8 }, reorderPictures: 2 })
  t.match(h264(real.h264[0][0].replace('42c0', '4280')), { profile: 'Baseline' })
  t.match(h264(real.h264[0][0].replace('42c0', '5800')), { profile: 'Extended' })
})

t.test('an H.264 picture order of type 1 is skipped', async t => {
  const size: Array<[number, number?]> = [[1], [0, 1], [9], [7], [1, 1], [1, 1], [0, 1]] // 160x128
  const sps = bitsOf([0x67, 8], [77, 8], [0, 8], [30, 8], [0], [0], [1], [0, 1], [3], [4], [2], [7], [8], ...size)
  t.same(readH264Sps(sps), { profile: 'Main', width: 160, height: 128, depth: 8 })
})

t.test('an H.265 sequence parameter set may have profiles of sub-layers, and an id', async t => {
  const general: Array<[number, number?]> = [[0, 3], [3, 5], [0, 32], [0, 32], [0, 16], [30, 8]]
  const subLayers: Array<[number, number?]> = [[3, 2], [1, 2], [0, 12], [0, 32], [0, 32], [0, 32], [0, 8]] // 88 + 8 + 8
  const size: Array<[number, number?]> = [[1], [640], [360], [0, 1]]
  const sps = bitsOf([0x42, 8], [1, 8], [0, 4], [2, 3], [1, 1], ...general, ...subLayers, [5], ...size)
  t.same(readH265Sps(sps), { id: 5, format: { profile: 'Main Still Picture', width: 640, height: 360, depth: 8 } })
})

t.test('an invalid sequence parameter set yields nothing', async t => {
  for (const [hex] of real.h264) for (let end = 0; end < 9; end++) t.equal(h264(hex.slice(0, 2 * end)), undefined)
  for (const [hex] of real.h265) for (let end = 0; end < 18; end++) t.equal(h265(hex.slice(0, 2 * end)).format, undefined)
  const sized = (...fields: Array<[number, number?]>) =>
    readH264Sps(bitsOf([0x67, 8], [77, 8], [0, 8], [30, 8], [0], [0], [0], [0], [1], [0, 1], ...fields, [0, 8]))
  t.same(sized([1023], [7], [1, 1], [1, 1], [0, 1]), { profile: 'Main', width: 16_384, height: 128, depth: 8 })
  t.equal(sized([1024], [7], [1, 1], [1, 1], [0, 1]), undefined, 'too wide')
  t.throws(() => sized([9], [2 ** 31], [1, 1], [1, 1], [0, 1]), { code: 'PICTURE_TOO_LARGE' }, 'ffmpeg would accept it, cropped')
  t.throws(() => sized([1024], [1023], [1, 1], [1, 1], [1, 1], [0], [8168], [0], [8160]), { code: 'PICTURE_TOO_LARGE' }, 'even if most of it is cropped')
  t.equal(sized([9], [7], [1, 1], [1, 1], [1, 1], [40], [40], [0], [0]), undefined, 'nothing is left of it')
})

t.test('a sequence parameter set for a picture that is too large throws, even if it is cropped', async t => {
  const h264Of = (blocksWide: number, blocksHigh: number, ...cropping: Array<[number, number?]>) =>
    readH264Sps(bitsOf([0x67, 8], [77, 8], [0, 8], [30, 8], [0], [0], [0], [0], [1], [0, 1], [blocksWide - 1], [blocksHigh - 1], [1, 1], [1, 1], ...cropping, [0, 8]))
  const h265Of = (width: number, height: number, ...cropping: Array<[number, number?]>) =>
    readH265Sps(bitsOf([0x42, 8], [1, 8], [0, 4], [0, 3], [1, 1], [0, 3], [3, 5], [0, 32], [0, 32], [0, 16], [30, 8], [0], [1], [width], [height], ...cropping, [0], [0, 8]))
  const refusal = { code: 'PICTURE_TOO_LARGE', message: /picture of 8192x8192 is larger than camgate reads \(33 megapixels\)/ }
  const small: Array<[number, number?]> = [[1, 1], [0], [4000], [0], [4000]]
  t.match(h264Of(480, 270, [0, 1]), { width: 7680, height: 4320 })
  t.match(h265Of(7680, 4320, [0, 1]).format, { width: 7680, height: 4320 })
  for (const cropping of [[[0, 1] as [number, number?]], small]) {
    t.throws(() => h264Of(512, 512, ...cropping), refusal)
    t.throws(() => h265Of(8192, 8192, ...cropping), refusal)
  }
})

const unlessTooLarge = (read: () => PictureFormat | undefined) => {
  try {
    return read()
  } catch (error) {
    if ((error as CamgateError).code !== 'PICTURE_TOO_LARGE') throw error
    return undefined
  }
}

t.test('a sequence parameter set may contain anything', async () => {
  const start = fc.constantFrom(...real.h264.map(([hex]) => hex), ...real.h265.map(([hex]) => hex)).map(hex => Buffer.from(hex, 'hex'))
  fc.assert(fc.property(start, fc.nat(40), fc.uint8Array({ maxLength: 300 }), (nal, length, more) => {
    const bytes = Buffer.concat([nal.subarray(0, length), more])
    for (const read of [() => readH264Sps(bytes), () => readH265Sps(bytes).format]) {
      const format = unlessTooLarge(read)
      if (format !== undefined && !(format.width > 0 && format.height > 0 && format.width <= 16_384 && format.height <= 16_384)) throw new Error('no such size')
    }
  }), { numRuns: 1_000 })
})
