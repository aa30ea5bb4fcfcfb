import { join } from 'node:path'
import t from 'tap'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { hasRefused } from '../../src/ffmpeg/decoder.js'
import { Decoders } from '../../src/ffmpeg/decoders.js'
import { packageRoot } from '../../src/package.js'
import { withVariables } from '../with-variables.js'

const standIn = withVariables(t.testdir({}), join(packageRoot, 'test/ffmpeg/stand-in-hardware.sh'), { REAL_FFMPEG: findFfmpeg()! })
const { signal: never } = new AbortController()
const decoders = (path: string, devices: string[] = [], timeoutMs = 5_000, closing = never) => new Decoders(path, closing, { listDevices: () => devices, timeoutMs })
const all = ['video10', 'nvidia0', 'dri/card0', 'dri/renderD128', 'mpp_service']

t.test('on this machine, which has no hardware for it,', async t => {
  const real = decoders(findFfmpeg()!)
  for (const [hardware, why] of [
    ['vaapi', /because vaapi does not work here \(.*(vaapi|hwaccel).*\)\.$/i], ['cuda', /cuda/], ['qsv', /MFX|qsv/], ['v4l2m2m', /valid device/], ['rkmpp', /Unknown decoder 'h264_rkmpp'/]
  ] as const) {
    t.test(`${hardware} falls back to software, and the note gives the reason`, async t => {
      const { name, args, note } = await real.choose(hardware, 'h264')
      t.same([name, args], ['software', []])
      t.match(note, why)
      t.match(note, /^H\.264 is decoded in software, because .*[^.]\.$/)
    })
  }
  t.test('auto finds no device and tries nothing', async t => {
    t.match(await decoders('/nowhere/ffmpeg').choose('auto', 'h265'), { name: 'software', note: 'H.265 is decoded in software, because this machine has no device that could (/dev/dri/renderD128, /dev/nvidia0 and the like).' })
  })
  t.test('auto lists everything that it tried', async t => {
    t.match((await decoders(findFfmpeg()!, all).choose('auto', 'h264')).note, /vaapi does not work here .*, cuda .*, qsv .*, rkmpp .*, v4l2m2m /)
  })
})

t.test('with simulated hardware,', async t => {
  t.test('it decodes, each with its own arguments', async t => {
    const some = decoders(standIn)
    t.same(await some.choose('vaapi', 'h264'), { name: 'vaapi', args: ['-hwaccel', 'vaapi'] })
    t.same(await some.choose('v4l2m2m', 'hevc'), { name: 'v4l2m2m', args: ['-c:v', 'hevc_v4l2m2m'] }, "by ffmpeg's name")
    t.same(await some.choose('rkmpp', 'h265'), { name: 'rkmpp', args: ['-c:v', 'hevc_rkmpp'] }, 'and by ours')
  })
  t.test('auto chooses the first that works for the codec', async t => {
    const some = decoders(standIn, all.filter(name => name !== 'nvidia0'))
    t.match(await some.choose('auto', 'h264'), { name: 'vaapi' })
    t.match(await some.choose('auto', 'h265'), { name: 'rkmpp' })
    t.match(await decoders(standIn, ['video11']).choose('auto', 'h264'), { name: 'v4l2m2m' })
  })
  t.test('it decodes only if it is configured', async t => {
    const some = decoders(standIn, all)
    t.same(await some.choose('none', 'h264'), { name: 'software', args: [] })
    t.same(await some.choose(undefined, 'h264'), { name: 'software', args: [] })
    for (const codec of ['mjpeg', 'rawvideo', undefined]) t.same(await some.choose('auto', codec), { name: 'software', args: [] })
  })
  t.test('one that hangs or crashes falls back to software in time', async t => {
    const began = performance.now()
    t.match(await decoders(standIn, [], 300).choose('cuda', 'h264'), { name: 'software', note: /cuda does not work here \(it did not answer within 0\.3 s\)/ })
    t.ok(performance.now() - began < 3_000)
    t.match(await decoders(standIn).choose('qsv', 'h264'), { name: 'software', note: /qsv does not work here \(it ended ffmpeg by SIGSEGV\)/ })
  })
  t.test('one that hangs does not delay a better one', async t => {
    const closing = new AbortController()
    t.match(await decoders(standIn, all, 60_000, closing.signal).choose('auto', 'h264'), { name: 'vaapi' })
    closing.abort()
  })
  t.test('each is tried once', async t => {
    const some = decoders(standIn, [], 300)
    const asked = await Promise.all([some.choose('cuda', 'h264'), some.choose('cuda', 'h264')])
    const began = performance.now()
    t.same([...asked, await some.choose('cuda', 'h264')].map(({ name }) => name), ['software', 'software', 'software'])
    t.ok(performance.now() - began < 300, 'another trial would take as long as its limit')
  })
  t.test('a trial ends when camgate does', async t => {
    const closing = new AbortController()
    const trial = decoders(standIn, [], 60_000, closing.signal).choose('cuda', 'h264')
    closing.abort()
    t.match(await trial, { name: 'software' })
  })
})

t.test('a stream that the hardware refuses shows in ffmpeg\'s stderr', async t => {
  t.ok(hasRefused(['[h264 @ 0x55] [warning] Failed setup for format vaapi: hwaccel initialisation returned error.']))
  t.notOk(hasRefused(['[info] Stream mapping:']))
})
