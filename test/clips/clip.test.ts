import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { cachedClip } from '../../src/clips/clip-cache.js'
import { loadClip, payloadOf, stampPicture, type ClipPicture } from '../../src/clips/clip.js'
import type { Codec, Structure } from '../../src/clips/encoder.js'
import type { Quirk } from '../../src/faults/quirk.js'
import { readRtp } from '../simulator/client.js'
import { smallScene } from '../simulator/small.js'

const directory = t.testdir()
const load = async (codec: Codec, quirks: Quirk[] = [], structures: Structure[] = []) => {
  const scene = { ...smallScene(codec), structures }
  return await loadClip(await cachedClip(scene, { ffmpegPath: findFfmpeg()!, directory }), scene, new Set(quirks))
}
const packetsOf = ({ bytes, packets }: ClipPicture) =>
  packets.map(({ offset, size, early }) => ({ ...readRtp(0, bytes.subarray(offset + 4, offset + size)), early }))

t.test('a clip', async t => {
  for (const codec of ['h264', 'h265', 'mjpeg'] as const) {
    t.test(`of ${codec} is packets ready to send`, async t => {
      const { track, pictures } = await load(codec)
      t.match(track, { codec, fps: 20 })
      t.equal(pictures.length, 20)
      t.same(pictures.map(({ key }) => key), pictures.map((_, index) => codec === 'mjpeg' || index === 0))
      for (const { bytes, packets } of pictures) {
        const markers = packets.map(({ offset, size }) => {
          t.equal(bytes[offset], 0x24)
          t.equal(bytes.readUInt16BE(offset + 2), size - 4)
          t.ok(size <= 1_416)
          return readRtp(0, bytes.subarray(offset + 4, offset + size)).marker
        })
        t.same(markers, packets.map((_, index) => index === packets.length - 1))
        t.equal(packets.reduce((sum, { size }) => sum + size, 0), bytes.length)
      }
    })
  }
  t.test('is stamped as a copy', async t => {
    const { pictures: [picture] } = await load('mjpeg')
    const before = Buffer.from(picture!.bytes)
    const stamped = stampPicture(picture!, 2, { sequence: 65_535, timestamp: 90, ssrc: 7 })
    const packets = picture!.packets.map(({ offset, size }) => readRtp(stamped[offset + 1]!, stamped.subarray(offset + 4, offset + size)))
    t.same(packets.slice(0, 2).map(({ sequence }) => sequence), [65_535, 0])
    t.ok(packets.every(({ channel, timestamp }) => channel === 2 && timestamp === 90))
    t.same(payloadOf(stamped, picture!.packets[0]!), packets[0]!.payload)
    t.same(picture!.bytes, before)
  })
  t.test('that is damaged is an error', async t => {
    const path = join(directory, 'damaged')
    await writeFile(path, 'damaged')
    await t.rejects(loadClip(path, smallScene('h264')), { code: 'BAD_H264' })
    await t.rejects(loadClip(path, smallScene('h265')), { code: 'BAD_H265' })
    await t.rejects(loadClip(path, smallScene('mjpeg')), { code: 'BAD_JPEG' })
    await writeFile(path, '')
    await t.rejects(loadClip(path, smallScene('mjpeg')), { code: 'BAD_CLIP', message: /0 pictures, not 20/ })
  })
})

t.test('a clip of a camera that sends odd packets', async t => {
  const kinds = { h264: (payload: Buffer) => payload.readUInt8(0) & 0x1f, h265: (payload: Buffer) => (payload.readUInt8(0) >> 1) & 0x3f }
  const firstOf = async (codec: 'h264' | 'h265', ...quirks: Quirk[]) =>
    packetsOf((await load(codec, quirks)).pictures[0]!).map(packet => ({ ...packet, kind: kinds[codec](packet.payload) }))
  t.test('has wrong markers', async t => {
    for (const codec of ['h264', 'mjpeg'] as const) {
      t.ok((await load(codec, ['no-marker'])).pictures.flatMap(packetsOf).every(({ marker }) => !marker))
      t.ok((await load(codec, ['marker-on-every-packet'])).pictures.flatMap(packetsOf).every(({ marker }) => marker))
    }
  })
  t.test('has parameter sets first, with the previous picture\'s timestamp, or none', async t => {
    const [sps, pps, ...rest] = await firstOf('h264', 'parameter-sets-apart')
    t.match(sps, { kind: 7, marker: true, early: true })
    t.match(pps, { kind: 8, marker: false, early: true })
    t.ok(rest.every(({ kind, early }) => kind !== 7 && kind !== 8 && !early))
    t.same((await firstOf('h265', 'parameter-sets-apart')).slice(0, 3).map(({ kind, early }) => [kind, early]), [[32, true], [33, true], [34, true]])
    for (const [codec, sets] of [['h264', [7, 8]], ['h265', [32, 33, 34]]] as const) {
      const kinds = (packets: Array<{ kind: number }>) => packets.map(({ kind }) => kind).filter(kind => sets.some(set => set === kind))
      t.same(kinds(await firstOf(codec)), sets)
      t.same(kinds(await firstOf(codec, 'sdp-sprop-only')), [])
    }
  })
  t.test('aggregates neighbours', async t => {
    for (const [codec, kind, headerBytes] of [['h264', 24, 1], ['h265', 48, 2]] as const) {
      const single = await firstOf(codec)
      const [aggregate, ...rest] = await firstOf(codec, 'aggregated')
      t.equal(aggregate!.kind, kind)
      const nals: Buffer[] = []
      for (let at = headerBytes; at < aggregate!.payload.length; at += 2 + nals.at(-1)!.length) {
        nals.push(aggregate!.payload.subarray(at + 2, at + 2 + aggregate!.payload.readUInt16BE(at)))
      }
      t.ok(nals.length >= 3)
      t.same([...nals, ...rest.map(({ payload }) => payload)], single.map(({ payload }) => payload))
    }
  })
  t.test('has optional parts in its RTP headers', async t => {
    const [plain] = await firstOf('h264')
    const { bytes, packets: [first] } = (await load('h264', ['rtp-extension'])).pictures[0]!
    const packet = bytes.subarray(4, first!.size)
    t.equal(packet.readUInt8(0), 0xb1)
    t.same(packet.subarray(12 + 4 + 4 + packet.readUInt16BE(18) * 4, packet.length - packet.at(-1)!), plain!.payload)
    t.equal(bytes.readUInt16BE(2), first!.size - 4)
  })
})

t.test('a clip that is coded another way', async t => {
  t.test('has four slices a picture', async t => {
    const slices = async (codec: 'h264' | 'h265') => packetsOf((await load(codec, [], ['slices'])).pictures[5]!).length
    t.ok(await slices('h264') >= 4)
    t.ok(await slices('h265') >= 2, 'as many as its large blocks allow')
  })
  t.test('shows its B-frames before the picture that they follow', async t => {
    for (const codec of ['h264', 'h265'] as const) {
      const { pictures } = await load(codec, [], ['b-frames'])
      t.same(pictures.slice(0, 7).map(({ shownLater }) => shownLater), [0, 2, -1, -1, 2, -1, -1], codec)
      const shown = pictures.map(({ shownLater }, index) => index + shownLater)
      t.same(shown.toSorted((a, b) => a - b), [...pictures.keys()])
    }
  })
  t.test('has fewer key pictures', async t => {
    const scene = { ...smallScene(), fps: 4, seconds: 10, structures: ['long-gop' as const] }
    const { pictures } = await loadClip(await cachedClip(scene, { ffmpegPath: findFfmpeg()!, directory }), scene)
    t.same([...pictures.keys()].filter(index => pictures[index]!.key), [0, 20])
  })
})

t.test('an early packet has the previous picture\'s timestamp', async t => {
  const { pictures: [picture] } = await load('h264', ['parameter-sets-apart'])
  const stamped = stampPicture(picture!, 0, { sequence: 0, timestamp: 90, ssrc: 7 }, 45)
  t.same(packetsOf({ ...picture!, bytes: stamped }).slice(0, 3).map(({ timestamp }) => timestamp), [45, 45, 90])
})
