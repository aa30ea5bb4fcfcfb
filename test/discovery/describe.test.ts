import t from 'tap'
import { systemClock } from '../../src/clock.js'
import { describe, type DescribedDevice } from '../../src/discovery/describe.js'
import type { FoundDevice } from '../../src/discovery/search.js'
import { tableOf } from '../../src/discovery/words.js'
import { camerasOf, yamlOf } from '../../src/discovery/yaml.js'
import { scriptedHttp, whole } from '../http-client/http-camera.js'
import { credentials, playOnvif } from '../onvif/onvif-camera.js'

const foundAt = (url: string): FoundDevice => ({ address: '127.0.0.1', name: 'Yard', model: 'simulator', onvif: `${url}/onvif/device_service` })

t.test('a device that was found', async t => {
  t.test('names its streams, at the address that answered', async t => {
    const camera = await playOnvif(t, { quirks: ['other-interface'] })
    const device = await describe(foundAt(camera.url), credentials, systemClock)
    t.match(device, {
      maker: 'camgate',
      hasPtz: true,
      problem: null,
      channels: [{ main: { url: 'rtsp://127.0.0.1:554/main', codec: 'H264', width: 1920, height: 1080 }, sub: { url: 'rtsp://127.0.0.1:554/sub', width: 640 } }]
    })
    t.equal(camera.logins.wrong, 0)
  })
  t.test('that refuses the password is asked once, and says so', async t => {
    const camera = await playOnvif(t, { login: 'ws-security' })
    t.match(await describe(foundAt(camera.url), { ...credentials, password: 'wrong' }, systemClock), { channels: [], problem: /refuses this username or password for ONVIF/ })
    t.equal(camera.logins.wrong, 1)
  })
  t.test('is not sent the password itself', async t => {
    const { url, asked } = await scriptedHttp(t, (_, socket) => { socket.write(whole('', { 'WWW-Authenticate': 'Basic realm="x"' }, '401 Unauthorized')) })
    t.match(await describe(foundAt(new URL(url).origin), credentials, systemClock), { problem: /asks for the password itself/ })
    t.notOk(asked.some(({ header }) => header('authorization')))
  })
  t.test('that keeps on answering is given up', async t => {
    const { url } = await scriptedHttp(t, () => {})
    const hurried = { ...systemClock, after: (ms: number, fn: () => void) => systemClock.after(ms === 30_000 ? 1 : ms, fn) }
    t.match(await describe(foundAt(new URL(url).origin), credentials, hurried), { channels: [], problem: 'It has not said all of its streams within 30 s.' })
  })
  t.test('that does not answer as it should has a problem, and no streams', async t => {
    t.match(await describe(foundAt((await playOnvif(t, { quirks: ['garbage'] })).url), credentials, systemClock), { channels: [], problem: /cannot be used/ })
  })
})

const stream = (url: string) => ({ url, codec: 'H264', width: 640, height: 360 })
const device = (changes: Partial<DescribedDevice>): DescribedDevice => ({
  ...foundAt('http://192.0.2.1'), maker: 'Maker', channels: [{ main: stream('rtsp://192.0.2.1:554/1'), sub: stream('rtsp://192.0.2.1:554/2') }], hasPtz: false, problem: null, ...changes
})

t.test('cameras.yaml has', async t => {
  t.test('a camera for each picture, with an id of its own', async t => {
    const devices = [device({ name: 'Hof & Straße' }), device({ name: 'Yard' }), device({ name: 'Yard', channels: [...device({}).channels, ...device({}).channels] }), device({ name: '庭', model: '' })]
    t.same(camerasOf(devices).map(({ id }) => id), ['hof-stra-e', 'yard', 'yard-1', 'yard-2', 'camera-127-0-0-1'])
  })
  t.test('its streams, its user, and where it is moved', async t => {
    t.equal(yamlOf(camerasOf([device({ name: 'The "gate" ${HOME}', hasPtz: true, channels: [{ main: stream('rtsp://192.0.2.1:554/1?a=$b'), sub: null }] })]), 'ann: #1'), [ // eslint-disable-line no-template-curly-in-string -- as in the file
      '# The password is not written here: set CAM_PASSWORD in the environment that camgate is started in.', 'cameras:', '  the-gate-home:', '    name: "The \\"gate\\" $${HOME}"', '    source: "rtsp://192.0.2.1:554/1?a=$b"', '    username: "ann: #1"', // eslint-disable-line no-template-curly-in-string -- as in the file
      '    password: ${CAM_PASSWORD}', '    onvif: http://127.0.0.1', '' // eslint-disable-line no-template-curly-in-string -- as in the file
    ].join('\n').replace('http://127.0.0.1', 'http://192.0.2.1'))
    t.equal(yamlOf([], 'ann'), undefined)
  })
})

t.test('the table has a line for each device', async t => {
  t.equal(tableOf([device({ hasPtz: true }), device({ onvif: 'http://192.0.2.20:8080/x', maker: '', model: '', name: '', channels: [], problem: 'It is asleep.' })]),
    '  192.0.2.1        Maker simulator  Yard  640x360 H264 and 640x360 H264, PTZ\n  192.0.2.20:8080  ?                ?     It is asleep.\n')
})
