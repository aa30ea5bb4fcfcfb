import { readFileSync } from 'node:fs'
import t from 'tap'
import fc from 'fast-check'
import { chooseMode, parseFormats } from '../../src/v4l2/formats.js'
import { nodeFailure, nothingToShow, noWebcam, normalizeV4l2, taken, v4l2Input, v4l2Label, v4l2Failure, worstOf } from '../../src/sources/v4l2.js'

/** ffmpeg's output on other people's machines, as published; for `encoder` and `h264-only`, a part of it. */
const outputOf = (name: string) => readFileSync(new URL(`../e2e/v4l2/${name}.txt`, import.meta.url), 'utf8')
const mode = (name: string, wanted = {}) => {
  const chosen = chooseMode(parseFormats(outputOf(name)), wanted)
  return chosen && `${chosen.format} ${chosen.size?.width}x${chosen.size?.height}`
}

t.test('the formats of a device', async t => {
  t.test('are parsed from ffmpeg\'s listing', async t => {
    t.same(parseFormats(outputOf('c920')).map(({ name, sizes }) => [name, sizes.length]), [['yuyv422', 19], ['h264', 17], ['mjpeg', 17]])
    t.same(parseFormats(outputOf('c920'))[0]!.sizes[0], { width: 640, height: 480 })
    t.equal(parseFormats(outputOf('usb-5mp'))[0]!.sizes.length, 9, 'the preferred size is listed twice, and counts once')
    t.match(parseFormats(outputOf('pi-legacy'))[0], { name: 'yuyv422', sizes: [], range: { width: { min: 32, max: 2592, step: 2 }, height: { max: 1944 } } })
    for (const none of ['metadata', 'encoder', 'forbidden', 'missing']) t.same(parseFormats(outputOf(none)), [], none)
  })
  t.test('are parsed if a driver lists no sizes, emulates a format, or has one unknown to ffmpeg', async t => {
    const line = (text: string) => parseFormats(`[video4linux2,v4l2 @ 0x1] ${text}`)
    t.same(line('Raw       :     yuyv422 :           YUYV 4:2:2 :'), [{ name: 'yuyv422', sizes: [] }])
    t.same(line('Raw       :     yuv420p :     Planar YUV 4:2:0 : Emulated : 640x480'), [{ name: 'yuv420p', sizes: [{ width: 640, height: 480 }] }])
    t.same(line('Raw       : Unsupported :   10-bit Bayer RGRG : 640x480'), [])
  })
  t.test('are bounded, and nothing but formats, for any listing', async () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('[v4l2 @ 0x1] Raw ', ' : ', 'mjpeg', '640x480 ', '{1-2, 0}x{5-3, 9}', '\n'))), pieces => {
      const formats = parseFormats(pieces.join(''))
      const chosen = chooseMode(formats, { width: 640 })
      return formats.length <= 100 && formats.every(({ name }) => /^\w+$/.test(name)) && (formats.length > 0) === (chosen !== undefined) &&
        (!chosen?.size || (Number.isFinite(chosen.size.width) && Number.isFinite(chosen.size.height)))
    }))
  })
})

t.test('the mode of a device', async t => {
  t.test('prefers JPEG, then YUYV, then any other', async t => {
    t.equal(mode('c920'), 'mjpeg 1280x720')
    t.equal(mode('yuyv-only'), 'yuyv422 640x480')
    t.equal(mode('h264-only'), 'h264 640x480')
    t.equal(mode('metadata'), undefined)
  })
  t.test('is the smallest at least as large as wanted, or else the largest', async t => {
    t.equal(mode('c920', { width: 640 }), 'mjpeg 640x360')
    t.equal(mode('c920', { width: 640, height: 480 }), 'mjpeg 640x480')
    t.equal(mode('c920', { height: 500 }), 'mjpeg 800x600')
    t.equal(mode('c920', { width: 3840 }), 'mjpeg 1920x1080')
    t.equal(mode('pi-legacy', { width: 641 }), 'mjpeg 642x362')
    t.equal(mode('pi-legacy', { width: 7680 }), 'mjpeg 2592x1944')
  })
})

t.test('a device', async t => {
  t.test('is the first one, or one by name', async t => {
    t.equal(normalizeV4l2({ type: 'v4l2' }).device, 'auto')
    t.equal(v4l2Label(normalizeV4l2({ type: 'v4l2' })), 'the first webcam')
    for (const device of ['/dev/video2', '/dev/v4l/by-id/usb-046d_HD_Pro_Webcam_C920_9C6B-video-index0', '/dev/v4l/by-path/pci-0000:00:14.0-usb-0:2:1.0-video-index0']) {
      t.equal(v4l2Label(normalizeV4l2({ type: 'v4l2', device })), device)
    }
    t.equal(normalizeV4l2({ type: 'v4l2', device: '/dev//video0' }).device, '/dev/video0')
  })
  t.test('is nothing outside /dev', async t => {
    for (const device of ['video0', '/etc/passwd', '/dev/../etc/passwd', '-i', '/dev/video0\n', '', 'http://x']) {
      t.throws(() => normalizeV4l2({ type: 'v4l2', device }), { code: 'SOURCE', key: 'device', message: /^expected auto or a device such as \/dev\/video0, received/ })
    }
    t.throws(() => normalizeV4l2({ type: 'v4l2', device: '2' }), { message: /such as \/dev\/video2, received "2"/ })
  })
  t.test('is opened in its mode, at the wanted rate', async t => {
    const source = { type: 'v4l2', device: '/dev/video0' } as const
    const args = (more: object) => v4l2Input({ source: { ...source, ...more }, fps: 0.5 }).args.join(' ')
    t.match(args({ mode: { format: 'mjpeg', size: { width: 640, height: 480 } } }), /-f v4l2 -input_format mjpeg -video_size 640x480 -framerate 5$/)
    t.match(args({ mode: { format: 'yuyv422', size: undefined } }), /-f v4l2 -input_format yuyv422 -framerate 5$/)
  })
  t.test('gets a sentence for each failure', async t => {
    const source = { type: 'v4l2', device: '/dev/video0' } as const
    const failureOf = (text: string) => v4l2Failure(source, text.split('\n'))
    t.match(failureOf(outputOf('missing')), { code: 'no-device', message: /camera at \/dev\/video0 does not answer/ })
    t.match(failureOf(outputOf('forbidden')), { code: 'not-permitted', message: /group video.*group_add:/ })
    t.match(failureOf(outputOf('metadata')), { code: 'unsupported', message: /no camera, or the second device of one/ })
    t.match(failureOf(outputOf('encoder')), { code: 'unsupported' })
    t.same(nothingToShow(source), failureOf(outputOf('encoder')))
    t.match(failureOf('[v4l2 @ 0x1] [error] ioctl(VIDIOC_STREAMON): Device or resource busy'), { code: 'busy', message: /another program/ })
    t.match(failureOf('[v4l2 @ 0x1] [error] ioctl(VIDIOC_STREAMON): No space left on device'), { code: 'busy', message: /USB bus/ })
    t.match(failureOf('[v4l2 @ 0x1] [error] ioctl(VIDIOC_DQBUF): No such device'), { code: 'no-device', message: /plugged in/ })
    t.match(failureOf("Unknown input format: 'v4l2'"), { code: 'unsupported', message: /built without v4l2/ })
    t.equal(failureOf(outputOf('c920')), undefined)
  })
  t.test('among several gets the failure that a user can do the most about', async t => {
    const of = (...names: string[]) => worstOf(names.map(name => v4l2Failure({ type: 'v4l2', device: '/dev/video3' }, outputOf(name).split('\n'))!), names.map((_, n) => `/dev/video${n}`))
    t.match(of('missing', 'forbidden', 'metadata'), { code: 'not-permitted' })
    t.match(of('missing', 'metadata'), { code: 'no-device', message: /among \/dev\/video0 and \/dev\/video1: none of them gives pictures/ })
    t.match(of('metadata'), { code: 'unsupported', message: /\/dev\/video3 gives no pictures/ })
  })
  t.test('gets a sentence of at most 300 characters, however many there are', async t => {
    const device = `/dev/v4l/by-id/usb-${'x'.repeat(60)}-index0`
    const there = Array.from({ length: 40 }, (_, n) => `/dev/video${n}`)
    t.match(noWebcam(there), { message: /\/dev\/video0, \/dev\/video1, \/dev\/video2, \/dev\/video3 and 36 more/ })
    for (const { message } of [noWebcam(there), taken(there), worstOf([], there), nodeFailure({ type: 'v4l2', device }, 'missing', there)!]) t.ok(message.length <= 300, message)
  })
})
