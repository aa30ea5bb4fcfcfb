import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseRegistry } from '../../src/config/parse.js'
import { describeDevices, readDevices, thisMachine } from '../../src/cli/devices.js'

const said = (name: string) => readFileSync(new URL(`../e2e/v4l2/${name}.txt`, import.meta.url), 'utf8')
const described = async (listings: Record<string, string>, name = 'HD Pro Webcam "C920": x') => describeDevices(await readDevices({
  devices: async () => Object.keys(listings), nameOf: async () => name || undefined, listFormats: async device => said(listings[device]!)
}))

t.test('the devices of a machine', async t => {
  t.test('are listed in order, with their formats and the lines to write', async t => {
    const text = await described({ '/dev/video0': 'forbidden', '/dev/video1': 'metadata', '/dev/video2': 'usb-5mp', '/dev/video10': 'pi-legacy' })
    t.same(text.match(/^\/dev\/video\d+/gm), ['/dev/video0', '/dev/video1', '/dev/video2', '/dev/video10'])
    t.match(text, /^ {2}camgate may not open \/dev\/video0.*group video/m)
    t.match(text, /^ {2}mjpeg {4}2592x1944 2048x1536 1920x1080 /m)
    t.match(text, /^ {2}yuyv422 {2}any size from 32x32 to 2592x1944$/m)
    const { cameras } = parseRegistry(text.slice(text.indexOf('cameras:')), { file: 'cameras.yaml', env: {}, readFile: () => '' })
    t.match(cameras, [{ id: 'webcam', name: 'HD Pro Webcam "C920": x', source: { type: 'v4l2', device: '/dev/video2' } }], 'these lines are valid')
  })
  t.test('are reported if none can be shown or none exists', async t => {
    t.match(await described({ '/dev/video0': 'metadata' }, ''), /^\/dev\/video0\n.*\n\nNone of them can be shown\.\n$/)
    t.match(await described({}), /^There is no webcam: .*\n.*devices: in compose\.yaml.*picamera/)
  })
  t.test('are those in /dev', async t => {
    for (const device of await thisMachine('ffmpeg').devices()) t.match(device, /^\/dev\/video\d+$/)
    t.equal(await thisMachine('ffmpeg').nameOf('/dev/video999'), undefined)
  })
})
