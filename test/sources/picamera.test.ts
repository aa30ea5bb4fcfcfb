import t from 'tap'
import { picameraArguments, picameraLabel, picameraFailure, sensorDoes } from '../../src/sources/picamera.js'

const args = (source: object = {}, picture: object = {}) => picameraArguments({ type: 'picamera', ...source }, { fps: 20, ...picture }).join(' ')

t.test('a Raspberry Pi\'s camera', async t => {
  t.test('gets arguments for the wanted picture', async t => {
    t.equal(args(), '--codec mjpeg --output - --timeout 0 --nopreview --flush --camera 0 --width 1280 --height 720 --framerate 20 --quality 85')
    t.match(args({ camera: 1, shutter: 10000, gain: 2.5, ev: -1, exposure: 'sport', metering: 'spot', awb: 'daylight' }),
      /--camera 1 .* --shutter 10000 --gain 2\.5 --ev -1 --exposure sport --metering spot --awb daylight$/)
    t.match(args({}, { rotate: 180, flip: 'vertical' }), /--rotation 180 --vflip$/)
    t.match(args({}, { flip: 'both' }), /--hflip --vflip$/)
    t.same([{}, { rotate: 180 }, { rotate: 90 }, { rotate: 270 }, { crop: {} }].map(picture => sensorDoes({ fps: 20, ...picture })), [true, true, false, false, false])
    t.equal(picameraLabel({ type: 'picamera', camera: 1 }), 'Raspberry Pi camera 1')
  })
  t.test('makes the size and the quality itself', async t => {
    t.match(args({}, { width: 640 }), /--width 640 --height 360 /)
    t.match(args({}, { height: 481 }), /--width 856 --height 481 /)
    t.match(args({}, { width: 640, height: 480 }), /--width 640 --height 480 /)
    const quality = (quality: number) => Number(/--quality (\d+)/.exec(args({}, { quality }))?.[1])
    const all = Array.from({ length: 30 }, (_, n) => quality(n + 2))
    t.same([quality(2), quality(31)], [84, 10])
    t.same(all, all.toSorted((a, b) => b - a), 'a higher number is smaller')
  })
  t.test('gets a sentence for each failure', async t => {
    const failureOf = (...stderr: string[]) => picameraFailure({ code: 255, signal: null, stderr })
    t.match(failureOf('ERROR: *** no cameras available ***'), { code: 'no-device', message: /ribbon cable/ })
    t.match(failureOf('[0:19:06.419783286] [2746]  INFO Camera camera.cpp:839 Pipeline handler in use by another process',
      'ERROR: *** failed to acquire camera /base/soc/i2c0mux/i2c@1/ov5647@36 ***'), { code: 'busy', message: /another program/ })
    t.match(failureOf('[0:00:52.242] [982] ERROR V4L2 v4l2_videodevice.cpp:1047 /dev/video0[13:cap]: Unable to set format: Device or resource busy',
      'ERROR: *** failed to configure streams ***'), { code: 'busy' })
    t.match(failureOf('[1:07:48.519219966] [3601] ERROR RPI dma_heaps.cpp:53 Could not open any dmaHeap device', 'ERROR: *** no cameras available ***'), { code: 'not-permitted', message: /group video/ })
    t.match(failureOf("ERROR: *** unrecognised option '--flush' ***"), { code: 'unsupported', message: /too old/ })
    t.match(failureOf('ERROR: *** failed to import fd 19 ***'), { code: 'exited', message: /ended with code 255: \*\*\* failed to import fd 19 \*\*\*/ })
    t.match(picameraFailure({ code: null, signal: null, stderr: [], spawnError: 'ENOENT' }), { code: 'no-program', message: /apt install rpicam-apps/ })
    t.match(picameraFailure({ code: null, signal: 'SIGABRT', stderr: [] }), { code: 'exited', message: /by SIGABRT/ })
  })
})
