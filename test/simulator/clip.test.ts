import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { cachedClip } from '../../src/simulator/clip-cache.js'
import type { Codec } from '../../src/simulator/encoder.js'
import { loadClip, payloadOf, stampPicture } from '../../src/simulator/clip.js'
import { readRtp } from './client.js'
import { smallScene } from './small.js'

const directory = t.testdir()
const load = async (codec: Codec) => {
  const scene = smallScene(codec)
  return await loadClip(await cachedClip(scene, { ffmpegPath: findFfmpeg()!, directory }), scene)
}

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
  t.test('is stamped in a copy', async t => {
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
