import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { outputArguments } from '../../src/ffmpeg/arguments.js'
import { askDialect } from '../../src/ffmpeg/dialect.js'
import { stdinFormatFor } from '../../src/transcode/stdin-format.js'

const ffmpeg = findFfmpeg()!
const dialect = await askDialect(ffmpeg)
const codecs = { h264: ['libx264', 'h264'], h265: ['libx265', 'hevc'], mjpeg: ['mjpeg', 'mjpeg'] } as const

/** What ffmpeg writes to descriptor 3 while it turns this into JPEGs. */
const announced = (args: readonly string[], input: Buffer) => spawnSync(ffmpeg, ['-v', 'error', ...args, '-y', '/dev/null'], { input, stdio: ['pipe', 'ignore', 'inherit', 'pipe'], encoding: 'latin1' }).output[3]!

const run = (args: readonly string[], input?: Buffer) => execFileSync(ffmpeg, ['-v', 'error', ...args], { input, stdio: ['pipe', 'pipe', 'ignore'] })
/** A picture of one grey, which needs no other picture. */
const picture = (codec: keyof typeof codecs, grey: number) => run([
  '-f', 'lavfi', '-i', `color=0x${grey.toString(16).repeat(3)}:s=64x48:r=1:d=1`, '-pix_fmt', 'yuvj420p', '-c:v', codecs[codec][0], '-f', codecs[codec][1], 'pipe:1'])

t.test('ffmpeg reads the pictures that it gets', async t => {
  for (const codec of ['h264', 'h265', 'mjpeg'] as const) {
    const pictures = [0x20, 0x80, 0xd0].map(grey => picture(codec, grey))
    const { input, opening, header } = stdinFormatFor(codec, dialect)
    const stream = [opening, ...pictures.flatMap((bytes, i) => [header(bytes.length, 2 ** 40 + 50 * i), bytes])]
    const read = run([...input, '-i', 'pipe:0', '-c', 'copy', '-f', 'framecrc', 'pipe:1'], Buffer.concat(stream)).toString()
    const rows = [...read.matchAll(/^0, +-?\d+, +(-?\d+), +\d+, +(\d+),/gm)].map(([, at, bytes]) => [Number(at), Number(bytes)])
    t.equal(rows.length, pictures.length)
    t.ok(rows.every(([, bytes], i) => Math.abs(bytes! - pictures[i]!.length) <= 1), `${codec}: every picture is whole; a zero in front of a start code belongs to either`)
    t.same(rows.map(([at]) => at! - 2 ** 40), [0, 50, 100], `${codec}: with its time`)
  }
})

t.test('an ffmpeg without queues announces each JPEG by the position of its picture', { skip: dialect.pipelines && 'NOT TESTED: this ffmpeg has queues.' }, async t => {
  for (const codec of ['h264', 'h265', 'mjpeg'] as const) {
    const coding = codec === 'mjpeg' ? [] : ['-bf', '2', '-g', '8', ...codec === 'h264' ? ['-x264-params', 'aud=1'] : ['-x265-params', 'aud=1:log-level=none']]
    const film = run(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=20:d=1', '-pix_fmt', codec === 'mjpeg' ? 'yuvj420p' : 'yuv420p', '-c:v', codecs[codec][0], ...coding, '-f', codecs[codec][1], 'pipe:1'])
    const pictures = splitAt(film, Buffer.from({ h264: '0000000109', h265: '0000000146', mjpeg: 'ffd8' }[codec], 'hex'))
    t.equal(pictures.length, 20)
    const { input, opening, header, filters, output } = stdinFormatFor(codec, dialect)
    const begins: number[] = []
    let end = opening.length
    const stream = Buffer.concat([opening, ...pictures.flatMap((bytes, i) => {
      const before = header(bytes.length, 50 * i)
      begins.push(end)
      end += before.length + bytes.length
      return [before, bytes]
    })])
    const from = codec === 'mjpeg' ? 'jpegs' : 'planes'
    const text = announced([...input, '-i', 'pipe:0', ...outputArguments({ width: 32 }, dialect, from, { last: filters }), ...output], stream)
    const places = [...text.matchAll(/^frame:\d+ +pts:(\d+)/gm)].map(([, place]) => Number(place))
    const rising = places.toSorted((a, b) => a - b)
    t.ok(rising.length === 20 && rising.every((place, i) => place >= begins[i]! && place < (begins[i + 1] ?? end)), `${codec}: from its header on`)
    t.equal(codec === 'mjpeg', String(places) === String(rising), 'in the order in which they are shown')
  }
})

function splitAt (bytes: Buffer, sign: Buffer): Buffer[] {
  const starts: number[] = []
  for (let at = bytes.indexOf(sign); at !== -1; at = bytes.indexOf(sign, at + 1)) starts.push(at)
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]))
}
