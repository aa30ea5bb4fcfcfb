import { execFileSync } from 'node:child_process'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import { packingFor } from '../../src/ffmpeg/packing.js'

const ffmpeg = findFfmpeg()!
const dialect = await askDialect(ffmpeg)
const codecs = { h264: ['libx264', 'h264'], h265: ['libx265', 'hevc'], mjpeg: ['mjpeg', 'mjpeg'] } as const

const run = (args: readonly string[], input?: Buffer) => execFileSync(ffmpeg, ['-v', 'error', ...args], { input, stdio: ['pipe', 'pipe', 'ignore'] })
/** A picture of a grey of its own, which needs no other. */
const picture = (codec: keyof typeof codecs, grey: number) => run([
  '-f', 'lavfi', '-i', `color=0x${grey.toString(16).repeat(3)}:s=64x48:r=1:d=1`, '-pix_fmt', 'yuvj420p', '-c:v', codecs[codec][0], '-f', codecs[codec][1], 'pipe:1'])

t.test('ffmpeg reads what it is given', async t => {
  for (const codec of ['h264', 'h265', 'mjpeg'] as const) {
    const pictures = [0x20, 0x80, 0xd0].map(grey => picture(codec, grey))
    for (const pipelines of [true, false]) {
      const { input, opening, header } = packingFor(codec, { ...dialect, pipelines })
      const stream = [...opening ? [opening] : [], ...pictures.flatMap((bytes, i) => [Buffer.from(header?.(bytes.length, 2 ** 40 + 50 * i) ?? ''), bytes])]
      const read = run([...input, '-i', 'pipe:0', '-c', 'copy', '-f', 'framecrc', 'pipe:1'], Buffer.concat(stream)).toString()
      const rows = [...read.matchAll(/^0, +-?\d+, +(-?\d+), +\d+, +(\d+),/gm)].map(([, at, bytes]) => [Number(at), Number(bytes)])
      t.equal(rows.length, pictures.length)
      t.ok(rows.every(([, bytes], i) => Math.abs(bytes! - pictures[i]!.length) <= 1), `${codec}: every picture whole; a zero in front of a start code is of either`)
      if (pipelines) t.same(rows.map(([at]) => at! - 2 ** 40), [0, 50, 100], `${codec}: with the time that it was given`)
    }
  }
})
