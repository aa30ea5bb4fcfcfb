import fc from 'fast-check'
import t from 'tap'
import type { CodedVideo } from '../../../src/codec/coded-picture.js'
import { h264NalType, h264NalTypes } from '../../../src/codec/h264.js'
import { Reordering } from '../../../src/codec/order/reordering.js'
import type { Track } from '../../../src/codec/track.js'
import { cutSps, picturesOf, positionOf, spsOf, traceSps, withSps, x264 } from './x264.js'

const track = (parameterSets: readonly Buffer[], codec: Track['codec'] = 'h264'): Track => ({ codec, clockRate: 90_000, parameterSets, format: undefined })

/** What is known after each picture. */
function watch (pictures: readonly CodedVideo[], reordering = new Reordering(undefined)) {
  return pictures.map(picture => {
    reordering.note(picture)
    return reordering.reorders
  })
}

/** x264 always writes how many pictures it reorders, but other encoders do not. */
function withoutRestriction (stream: Buffer): Buffer {
  const [fields] = traceSps([stream])
  return withSps(stream, sps => cutSps(sps, positionOf(fields!, 'bitstream_restriction_flag')))
}

const inOrder = withoutRestriction(x264('bframes=0:tff=1')) // with picture order counts
const silent = picturesOf(inOrder)
const bStream = x264('bframes=3:b-adapt=0')

t.test('whether a stream of H.264 reorders', async t => {
  t.test('is in parameter sets without picture order counts, even before the first picture', async t => {
    const pictures = picturesOf(withoutRestriction(x264('bframes=0')))
    t.equal(new Reordering(track(pictures[0]!.parameterSets!)).reorders, false)
    t.same(watch(pictures), pictures.map(() => false))
  })
  t.test('is in parameter sets that say so', async t => {
    const [first] = picturesOf(x264('bframes=0:tff=1'))
    const reordering = new Reordering(track(first!.parameterSets!))
    t.match(reordering, { reorders: false, pictures: 0 })
  })
  t.test('is known after two groups in which it does not', async t => {
    t.equal(silent.length, 12)
    t.equal(new Reordering(track([spsOf(inOrder)])).reorders, undefined)
    t.same(watch(silent), [...Array(8).fill(undefined), ...Array(4).fill(false)])
  })
  t.test('is seen in the first group in which it does, and in pictures of an open group', async t => {
    for (const stream of [bStream, withoutRestriction(bStream), x264('bframes=2:open-gop=1:b-adapt=0:b-pyramid=none')]) {
      const seen = watch(picturesOf(stream))
      t.equal(seen[0], undefined)
      t.same(seen.slice(3), Array(9).fill(true))
    }
  })
  t.test('is said with the number of pictures that a decoder holds, where the stream says it', async t => {
    const reordering = new Reordering(undefined)
    watch(picturesOf(bStream), reordering)
    t.match(reordering, { reorders: true, pictures: 2 })
    const other = new Reordering(undefined)
    watch(picturesOf(withoutRestriction(bStream)), other)
    t.match(other, { reorders: true, pictures: undefined })
  })
  t.test('may turn out later, as with an encoder that decides from scene to scene', async t => {
    const [first, ...others] = picturesOf(withoutRestriction(bStream))
    // Its groups so far are intra pictures alone.
    const quiet = Array(4).fill(first) as CodedVideo[]
    const reordering = new Reordering(undefined)
    t.same(watch(quiet, reordering), [undefined, undefined, false, false])
    watch(others, reordering)
    t.equal(reordering.reorders, true)
  })
  t.test('is open again after a change of the sequence parameter set, and not after one of another set', async t => {
    const reordering = new Reordering(undefined)
    watch(picturesOf(bStream), reordering)
    const [first] = silent
    watch([first!], reordering)
    t.equal(reordering.reorders, undefined)
    watch(silent, reordering)
    t.equal(reordering.reorders, false)
    const pps = Buffer.concat([first!.parameterSets!.at(-1)!, Buffer.from([1])])
    watch([{ ...first!, parameterSets: [spsOf(inOrder), pps] }], reordering)
    t.equal(reordering.reorders, false)
  })
  t.test('is not learned from groups with a loss', async t => {
    const lossy = silent.map((picture, at) => at === 5 ? { ...picture, damaged: true } : picture)
    t.same(watch([...lossy, ...silent]), [...Array(12).fill(undefined), ...Array(12).fill(false)])
  })
  t.test('is that of the set that the picture refers to', async t => {
    const [first] = silent
    const renumbered = Buffer.from(first!.parameterSets!.find(nal => h264NalType(nal) === h264NalTypes.sps)!)
    const other = picturesOf(x264('bframes=0'))[0]!.parameterSets!
    const reordering = new Reordering(undefined)
    reordering.note({ ...first!, parameterSets: [renumbered, ...other.slice(0, 1), ...first!.parameterSets!.slice(1)] })
    t.same(reordering.sps, renumbered)
  })
  t.test('stays unknown for what cannot be read', async t => {
    const garbage = { ...silent[0]!, parameterSets: [Buffer.from('67640028', 'hex')] }
    t.same(watch([garbage, garbage, garbage, garbage]), Array(4).fill(undefined))
    t.same(watch(silent.map(picture => ({ ...picture, bytes: Buffer.alloc(3) }))), Array(12).fill(undefined))
    t.equal(new Reordering(track([], 'mjpeg')).reorders, undefined)
    t.equal(new Reordering(track([])).reorders, undefined)
  })
})

t.test('a picture and its parameter sets may contain anything', async () => {
  const [first] = silent
  const sets = fc.constantFrom(...first!.parameterSets!, Buffer.from([0x42, 1, 1]))
  const garbled = fc.tuple(sets, fc.nat(30), fc.uint8Array({ maxLength: 40 })).map(([nal, length, more]) => Buffer.concat([nal.subarray(0, length), more]))
  const picture = fc.record({
    codec: fc.constantFrom('h264' as const, 'h265' as const),
    key: fc.boolean(),
    damaged: fc.boolean(),
    parameterSets: fc.array(garbled, { maxLength: 4 }),
    bytes: fc.tuple(fc.nat(80), fc.uint8Array({ maxLength: 60 })).map(([length, more]) => Buffer.concat([first!.bytes.subarray(0, length), more]))
  })
  fc.assert(fc.property(fc.array(picture, { maxLength: 6 }), pictures => { watch(pictures.map(picture => ({ at: 0, rtpTime: undefined, ...picture }))) }), { numRuns: 1_000 })
})

t.test('a stream of H.265 says whether it reorders', async t => {
  // Of x265, with and without B-frames.
  const said = (hex: string) => new Reordering(track([Buffer.from(hex, 'hex')], 'h265'))
  t.match(said('42010101600000030090000003000003001ea020810596566924caf0168080000003008000000504'), { reorders: true, pictures: 2 })
  t.match(said('42010101600000030090000003000003001ea0208105964a924caf016808000000300080000030050' + '40'), { reorders: false, pictures: 0 })
})
