import { execFileSync } from 'node:child_process'
import t from 'tap'
import { systemClock } from '../../src/clock.js'
import type { CodedJpeg } from '../../src/codec/coded-picture.js'
import { jpegTrack, type Track } from '../../src/codec/track.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { FfmpegInstall } from '../../src/ffmpeg/install.js'
import type { FfmpegExit } from '../../src/ffmpeg/process.js'
import type { JpegPicture } from '../../src/jpeg/picture.js'
import { ffmpegTranscode } from '../../src/transcode/transcoder.js'
import { childrenOf } from '../e2e/processes.js'
import { until } from '../e2e/until.js'
import { makeJpegs, split } from '../jpegs.js'
import { camera } from '../fake-launch.js'

const jpegs = makeJpegs(4)
const coded = (bytes: Buffer, more: Partial<CodedJpeg> = {}): CodedJpeg =>
  ({ codec: 'mjpeg', at: systemClock.now(), rtpTime: undefined, key: true, damaged: false, bytes, width: 64, height: 48, ...more })

/** Five seconds of H.264 with one key picture, each picture with a delimiter after it. */
const group = (() => {
  const film = execFileSync(findFfmpeg()!, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=20:d=5', '-c:v', 'libx264', '-bf', '0', '-g', '100', '-x264-params', 'aud=1', '-f', 'h264', 'pipe:1'])
  const delimiter = Buffer.from('0000000109f0', 'hex')
  const starts: number[] = []
  for (let at = film.indexOf(delimiter.subarray(0, 5)); at !== -1; at = film.indexOf(delimiter.subarray(0, 5), at + 1)) starts.push(at)
  return starts.map((start, i) => Buffer.concat([film.subarray(start, starts[i + 1]), delimiter]))
})()

function transcode (wishes: Partial<LiveCamera> = { width: 32 }, install = new FfmpegInstall(), track: Pick<Track, 'codec' | 'format'> = jpegTrack) {
  const seen = { pictures: [] as JpegPicture[], exits: [] as FfmpegExit[] }
  const transcoder = ffmpegTranscode(install, systemClock)({ ...camera, ...wishes }, track, {
    onPicture: picture => { seen.pictures.push(picture) },
    onBroken: error => { throw error },
    onExit: exit => { seen.exits.push(exit) }
  })
  t.teardown(() => transcoder.stop())
  return { transcoder, seen, ended: () => until('it ended', () => seen.exits.length > 0) }
}

t.test('a transcoder', async t => {
  t.test('turns the offered pictures into JPEGs, and leaves no process when it is stopped', async t => {
    const { transcoder, seen, ended } = transcode({ width: 32, fps: 1_000 }) // so many that none is refused, however soon the one before it came
    const ats: number[] = []
    for (const [index, jpeg] of jpegs.entries()) {
      const picture = coded(jpeg, { damaged: index === 2 })
      ats.push(Math.round(picture.at))
      transcoder.offer(picture)
      await until('its JPEG came', () => seen.pictures.length === index + 1)
    }
    t.same(seen.pictures.map(({ width, height, damaged, copied }) => ({ width, height, damaged, copied })), [false, false, true, false].map(damaged => ({ width: 32, height: 24, damaged, copied: undefined })))
    t.ok(seen.pictures.every(({ at, originalAt = at }, index) => originalAt === at || originalAt === ats[index]), 'with the time of the original, where ffmpeg reports it')
    t.match(split(seen.pictures.flatMap(({ pieces }) => pieces)).jpegs.length, 4)
    t.match(transcoder.report(), { decoder: 'software', notes: [] })
    t.equal(transcoder.overload, undefined)
    t.equal(transcoder.isFed, false, 'nothing is due')
    transcoder.offer(coded(Buffer.from('no JPEG')))
    await until('ffmpeg owes a JPEG', () => transcoder.isFed)
    transcoder.stop()
    transcoder.stop()
    await ended()
    t.same(childrenOf(process.pid), [])
    t.equal(seen.exits.length, 1)
  })
  t.test('makes no more JPEGs than are wanted', async t => {
    const { transcoder, seen, ended } = transcode({ width: 32, fps: 1 })
    for (let i = 0; i < 8; i++) transcoder.offer(coded(jpegs[i % 4]!))
    await until('a JPEG came', () => seen.pictures.length > 0)
    transcoder.stop()
    await ended()
    t.ok(seen.pictures.length <= 2, `${seen.pictures.length}`)
  })
  t.test('shows only the end of the group that it gets at its start', async t => {
    const { transcoder, seen, ended } = transcode({ fps: 60 }, new FfmpegInstall(), { codec: 'h264', format: undefined })
    const now = systemClock.now() + 5_000
    for (const [i, bytes] of group.entries()) {
      transcoder.offer({ codec: 'h264', at: now - 50 * (group.length - 1 - i), rtpTime: undefined, key: i === 0, damaged: i === group.length - 1, bytes })
    }
    await until('a JPEG came', () => seen.pictures.length > 0)
    t.equal(transcoder.overload, undefined)
    transcoder.stop()
    await ended()
    t.match(seen.pictures, [{ damaged: true, width: 64 }], 'made from the last picture')
    t.equal(seen.pictures.length, 1)
  })
  t.test('may be stopped before it has found its ffmpeg', async t => {
    const { transcoder, seen, ended } = transcode()
    t.same([transcoder.report(), transcoder.stderr], [undefined, []])
    transcoder.stop()
    await ended()
    t.same(seen.exits, [{ code: null, signal: null, stderr: [] }])
    t.same(childrenOf(process.pid), [])
  })
  t.test('ends if there is no ffmpeg', async t => {
    const none = Object.assign(new FfmpegInstall(), { locate: async () => { throw Object.assign(new Error('none'), { code: 'ENOENT' }) } })
    const { seen, ended } = transcode({ width: 32 }, none)
    await ended()
    t.match(seen.exits, [{ spawnError: 'ENOENT' }])
  })
})
