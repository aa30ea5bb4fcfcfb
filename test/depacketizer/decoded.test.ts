import { spawnSync } from 'node:child_process'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { depacketizerOf } from '../../src/depacketizer/depacketizer-of.js'
import { accessUnits, splitNalUnits } from '../../src/codec/annex-b.js'
import { h264PictureRules } from '../../src/codec/h264.js'
import { beginsH265Picture, isH265Slice } from '../../src/codec/h265.js'
import { packetizeJpeg } from '../../src/clips/packetize-jpeg.js'
import { splitJpegs } from '../../src/jpeg/baseline.js'
import { makeJpegs } from '../jpegs.js'
import { packet, packetsOf, receive, trackOf } from './received.js'

// Real encoders on one side, a real decoder on the other.

function ffmpeg (args: string[], input?: Buffer) {
  const { stdout, stderr, status } = spawnSync(findFfmpeg()!, ['-loglevel', 'error', ...args], { input, maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) throw new Error(stderr.toString())
  return { stdout, stderr: stderr.toString() }
}

const encode = (encoder: string[], format: string) =>
  ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=size=322x244:rate=10', '-frames:v', '12', '-pix_fmt', 'yuv420p', ...encoder, '-f', format, 'pipe:1']).stdout

/** The hash of each decoded picture, and the decoder's messages. */
function decode (stream: Buffer, format: string) {
  const { stdout, stderr } = ffmpeg(['-f', format, '-i', 'pipe:0', '-f', 'framehash', '-hash', 'crc32', 'pipe:1'], stream)
  return { hashes: stdout.toString().split('\n').filter(line => /^\d/.test(line)).map(line => line.split(',').at(-1)!.trim()), stderr }
}

function h265Units (nals: Buffer[]): Buffer[][] {
  const units: Buffer[][] = [[]]
  for (const nal of nals) {
    if (beginsH265Picture(nal) && units.at(-1)!.some(isH265Slice)) units.push([])
    units.at(-1)!.push(nal)
  }
  return units
}

t.test('streams of real encoders, with B-frames and several slices, are decoded to the same pictures:', async t => {
  const kinds = [
    { codec: 'h264', parameters: 'slices=3:aud=1:keyint=6:bframes=2', profile: 'High', keys: [0, 6] },
    { codec: 'h264', parameters: 'interlaced=1:keyint=5', profile: 'High', keys: [0, 5, 10] },
    { codec: 'h264', parameters: 'intra-refresh=1:keyint=6:cabac=0:8x8dct=0:bframes=0:weightp=0', profile: 'Constrained Baseline', keys: [0, 6] },
    { codec: 'h265', parameters: 'slices=3:keyint=6:bframes=2:log-level=none', profile: 'Main', keys: [0, 5] }
  ] as const
  for (const { codec, parameters, profile, keys } of kinds) {
    t.test(`${codec}, ${parameters}`, async t => {
      const format = codec === 'h264' ? 'h264' : 'hevc'
      const encoder = codec === 'h264' ? ['-c:v', 'libx264', '-x264-params'] : ['-c:v', 'libx265', '-x265-params']
      const stream = encode([...encoder, parameters], format)
      const nals = splitNalUnits(stream)
      const units = codec === 'h264' ? accessUnits(nals, h264PictureRules) : h265Units(nals)
      t.equal(units.length, 12)
      const depacketizer = depacketizerOf(trackOf(codec))
      const pictures = units.flatMap((unit, index) => {
        const whole = receive(depacketizer, packetsOf(codec, unit, index * 3_000))
        t.equal(whole.length, 1, 'at its own last packet')
        return whole
      })
      t.equal(depacketizer.damaged, 0)
      t.same(pictures.flatMap(({ key }, index) => key ? [index] : []), keys)
      t.same(depacketizer.format, { profile, width: 322, height: 244, depth: 8 })
      // At the end of a stream, ffmpeg misses the picture after the last delimiter.
      const bytes = Buffer.concat(pictures.map(({ bytes }) => bytes)).subarray(0, codec === 'h264' ? -6 : -7)
      const received = decode(bytes, format)
      t.equal(received.stderr, '')
      t.same(received.hashes, decode(stream, format).hashes)
      t.equal(received.hashes.length, 12)
    })
  }
  t.test('JPEG', async t => {
    const jpegs = makeJpegs(3, '64x48', ['-huffman', 'default', '-pix_fmt', 'yuvj420p', '-threads', '3', '-thread_type', 'slice'])
    const depacketizer = depacketizerOf(trackOf('mjpeg'))
    const pictures = splitJpegs(Buffer.concat(jpegs)).flatMap((jpeg, index) => {
      const payloads = packetizeJpeg(jpeg, 400)
      return receive(depacketizer, payloads.map((payload, at) => packet(payload, index * 3_000, at === payloads.length - 1)))
    })
    const received = decode(Buffer.concat(pictures.map(({ bytes }) => bytes)), 'mjpeg')
    t.same(received, { hashes: decode(Buffer.concat(jpegs), 'mjpeg').hashes, stderr: '' })
    t.equal(received.hashes.length, 3)
    t.same(depacketizer.format, { profile: '4:2:0', width: 64, height: 48, depth: 8 })
  })
})
