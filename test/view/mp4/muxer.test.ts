import { execFileSync } from 'node:child_process'
import t from 'tap'
import { accessUnits, splitNalUnits as split } from '../../../src/codec/annex-b.js'
import { h264NalType, h264PictureRules, isH264KeyPicture } from '../../../src/codec/h264.js'
import { h265Format } from '../../../src/codec/h265-format.js'
import { findFfmpeg } from '../../../src/ffmpeg/binary.js'
import { Muxer } from '../../../src/view/mp4/muxer.js'

const ffmpeg = findFfmpeg()!
const DURATION = 40_000
const startCode = Buffer.from([0, 0, 0, 1])
const annexB = (nals: readonly Buffer[]) => Buffer.concat(nals.flatMap(nal => [startCode, nal]))

interface Film { readonly codec: 'h264' | 'h265', readonly stream: Buffer, readonly units: ReadonlyArray<{ readonly bytes: Buffer, readonly key: boolean }> }

/** Real video of ffmpeg's test picture. */
function film (codec: 'h264' | 'h265', size: string, ...options: string[]): Film {
  const [encoder, muxer] = codec === 'h264' ? ['libx264', 'h264'] : ['libx265', 'hevc']
  const stream = execFileSync(ffmpeg, [
    '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=1`, '-c:v', encoder!, '-g', '10', '-bf', '0', '-preset', 'ultrafast', ...options, '-f', muxer!, 'pipe:1'
  ], { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 })
  const units = codec === 'h264'
    ? accessUnits(split(stream), h264PictureRules).map(nals => ({ bytes: annexB(nals), key: isH264KeyPicture(nals) }))
    : accessUnits(split(stream), h265Format).map(nals => ({ bytes: annexB(nals), key: nals.some(nal => h265Format.isSlice(nal) && h265Format.isKey(nal)) }))
  return { codec, stream, units }
}

const mux = ({ codec, units }: Film, width = 64, height = 48, muxer = new Muxer(codec)) =>
  units.map(({ bytes, key }) => muxer.add(bytes, { key, duration: DURATION, width, height }))

/** The hash of each decoded picture. */
const pictures = (input: Uint8Array, ...format: string[]) =>
  execFileSync(ffmpeg, ['-v', 'error', ...format, '-i', 'pipe:0', '-f', 'framemd5', 'pipe:1'], { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString()
    .split('\n').filter(line => line && !line.startsWith('#')).map(line => line.split(',').at(-1)!.trim())

const FILMS: Record<string, () => Film> = {
  'H.264 Baseline': () => film('h264', '64x48', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'),
  'H.264 High, sliced, with delimiters': () => film('h264', '320x180', '-profile:v', 'high', '-pix_fmt', 'yuv420p', '-x264-params', 'aud=1:slices=4:8x8dct=1'),
  'H.264 High 4:4:4 of ten bits': () => film('h264', '64x48', '-pix_fmt', 'yuv444p10'),
  'H.265 Main': () => film('h265', '128x96', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none'),
  'H.265 Main 10, cropped, with delimiters': () => film('h265', '126x94', '-pix_fmt', 'yuv420p10', '-x265-params', 'log-level=none:aud=1:repeat-headers=1')
}

t.test('fragmented MP4 that the page makes', async t => {
  for (const [name, make] of Object.entries(FILMS)) {
    t.test(`of ${name} is decoded as the stream is`, async t => {
      const it = make()
      const expected = pictures(it.stream, '-f', it.codec === 'h264' ? 'h264' : 'hevc')
      t.equal(expected.length, 25)
      t.same(pictures(Buffer.concat(mux(it) as Uint8Array[])), expected)
    })
  }

  t.test('says what ffmpeg\'s own MP4 says about the stream', async t => {
    for (const name of ['H.264 High, sliced, with delimiters', 'H.264 High 4:4:4 of ten bits', 'H.265 Main 10, cropped, with delimiters']) {
      const it = FILMS[name]!()
      const theirs = execFileSync(ffmpeg, ['-v', 'error', '-f', it.codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0', '-c', 'copy', '-f', 'mp4', '-movflags', 'empty_moov+default_base_moof', '-tag:v', it.codec === 'h264' ? 'avc1' : 'hvc1', 'pipe:1'],
        { input: it.stream, stdio: ['pipe', 'pipe', 'ignore'] })
      const kind = it.codec === 'h264' ? 'avcC' : 'hvcC'
      t.same(description(mux(it)[0]!, kind), description(theirs, kind), name)
    }
  })

  t.test('has one fragment for each picture, at its time, and tells key pictures', async t => {
    const parts = mux(FILMS['H.264 Baseline']!()) as Uint8Array[]
    t.same(times(Buffer.concat(parts)), parts.map((_, at) => at * DURATION))
    const flags = parts.map(part => description(part, 'trun').slice(-8))
    t.same(flags, parts.map((_, at) => at % 10 === 0 ? '02000000' : '01010000'))
  })

  t.test('keeps its time in order beyond what 32 bits hold', async t => {
    const muxer = new Muxer('h264')
    const { units } = FILMS['H.264 Baseline']!()
    const parts = units.slice(0, 3).map(({ bytes, key }) => muxer.add(bytes, { key, duration: 3e9, width: 64, height: 48 })!)
    t.same(times(Buffer.concat(parts)), [0, 3e9, 6e9])
    t.equal(muxer.time, 9e9)
  })

  t.test('begins with a key picture that has its parameter sets', async t => {
    const { codec, units } = FILMS['H.264 Baseline']!()
    const bare = { key: true, bytes: annexB(split(units[0]!.bytes).filter(nal => h264NalType(nal) !== 8)) }
    const made = mux({ codec, stream: Buffer.alloc(0), units: [units[5]!, bare, ...units] })
    t.same(made.slice(0, 2), [undefined, undefined])
    t.match(Buffer.from(made[2]!).toString('latin1', 4, 8), 'ftyp')
  })

  t.test('begins anew with other parameter sets, and only then', async t => {
    const muxer = new Muxer('h264')
    const small = mux(FILMS['H.264 Baseline']!(), 64, 48, muxer)
    const large = mux(FILMS['H.264 High, sliced, with delimiters']!(), 320, 180, muxer)
    const withInit = [...small, ...large].flatMap((part, at) => Buffer.from(part!).includes('ftyp') ? [at] : [])
    t.same(withInit, [0, 25])
  })

  t.test('survives any bytes', async t => {
    const muxer = new Muxer('h265')
    const { units } = FILMS['H.265 Main']!()
    for (const bytes of [[], [0, 0, 1], [0, 0, 0, 1, 0x42], [0, 0, 1, 0x42, 1], [1, 2, 3]]) {
      t.equal(muxer.add(Uint8Array.from(bytes), { key: true, duration: 1, width: 2, height: 2 }), undefined)
    }
    for (let length = 0; length < 120; length++) muxer.add(units[0]!.bytes.subarray(0, length), { key: true, duration: 1, width: 2, height: 2 })
  })
})

/** When each picture is shown, in microseconds, as ffmpeg reads it. */
const times = (input: Uint8Array) =>
  execFileSync(ffmpeg, ['-v', 'error', '-i', 'pipe:0', '-c', 'copy', '-copyts', '-f', 'framecrc', 'pipe:1'], { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString()
    .split('\n').filter(line => line && !line.startsWith('#')).map(line => Number(line.split(',')[2]))

/** The contents of the first box of this type. */
function description (film: Uint8Array, type: string): string {
  const bytes = Buffer.from(film.buffer, film.byteOffset, film.length)
  const at = bytes.indexOf(type)
  return bytes.toString('hex', at + 4, at - 4 + bytes.readUInt32BE(at - 4))
}
