import t from 'tap'
import { newAuthMemory } from '../../src/http-auth/authorizer.js'
import { onvifProblem } from '../../src/onvif/failure.js'
import { Ptz } from '../../src/onvif/ptz.js'
import { scriptedHttp, whole } from '../http-client/http-camera.js'
import { credentials, deviceAt, playOnvif } from './onvif-camera.js'

const target = { hasCredentials: true, place: { host: 'cam', port: 80, path: '/' } }
const wrong = { username: credentials.username, password: 'wrong' }

t.test('an ONVIF device', async t => {
  for (const login of ['none', 'digest', 'ws-security'] as const) {
    t.test(`is asked with a login as it wants it: ${login}`, async t => {
      const camera = await playOnvif(t, { login })
      const ptz = await Ptz.of(deviceAt(t, camera.url))
      t.same(await ptz?.presets(), [{ token: '1', name: 'Gate' }, { token: '2', name: 'Yard & barn' }])
      t.equal(camera.logins.wrong, 0)
    })
    if (login === 'none') continue
    t.test(`that refuses the password by ${login} is shown it once`, async t => {
      const camera = await playOnvif(t, { login })
      const device = deviceAt(t, camera.url, { credentials: wrong })
      for (let tries = 0; tries < 3; tries++) await t.rejects(device.call('media', 'GetProfiles'), { code: 'ONVIF_REFUSED', message: /refuses this username or password for ONVIF/ })
      t.equal(camera.logins.wrong, 1)
      t.ok(device.isRefused)
    })
    t.test(`asks for a password by ${login} that is not there`, async t => {
      const camera = await playOnvif(t, { login })
      await t.rejects(deviceAt(t, camera.url, { credentials: undefined }).call('media', 'GetProfiles'), { code: 'ONVIF_REFUSED', message: /asks for a username and password/ })
      t.equal(camera.logins.wrong, 0)
    })
  }
  t.test('is logged in to by its own clock', async t => {
    const camera = await playOnvif(t, { login: 'ws-security', quirks: ['clock-off'] })
    t.ok(await Ptz.of(deviceAt(t, camera.url)))
    t.equal(camera.logins.wrong, 0)
  })
  t.test('shares what is known of the camera\'s logins', async t => {
    const memory = newAuthMemory()
    const camera = await playOnvif(t)
    await deviceAt(t, camera.url, { auth: { memory } }).call('media', 'GetProfiles')
    t.ok(memory.digest)
  })
  t.test('of old knows only GetCapabilities', async t => {
    t.ok(await Ptz.of(deviceAt(t, (await playOnvif(t, { quirks: ['no-get-services'] })).url)))
  })
  t.test('without PTZ has none', async t => {
    t.equal(await Ptz.of(deviceAt(t, (await playOnvif(t, { quirks: ['no-ptz'] })).url)), undefined)
  })
  t.test('is asked at its own host, whatever address it announces', async t => {
    const camera = await playOnvif(t, { quirks: ['other-interface'] })
    t.ok(await Ptz.of(deviceAt(t, camera.url)))
  })
  t.test('that answers with something else is described', async t => {
    const garbage = await playOnvif(t, { quirks: ['garbage'] })
    const answers = {
      garbage: garbage.url,
      page: (await scriptedHttp(t, (_, socket) => { socket.write(whole('<html/>', {}, '404 Not Found')) })).url,
      endless: (await scriptedHttp(t, (_, socket) => { socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(2_000_000)}`) })).url,
      other: (await scriptedHttp(t, (_, socket) => { socket.write(whole('<Envelope><Body/></Envelope>')) })).url,
      elsewhere: (await scriptedHttp(t, (_, socket) => { socket.write(whole('', { Location: 'http://169.254.169.254/' }, '307 Temporary Redirect')) })).url
    }
    const problems: Record<string, string> = {}
    for (const [name, url] of Object.entries(answers)) {
      problems[name] = await deviceAt(t, url).call('media', 'GetProfiles').then(() => 'no problem', (error: Error) => onvifProblem(error, target))
    }
    t.match(problems, {
      garbage: /^The camera's ONVIF cannot be used: its answer is not XML as it should be: .*\.$/,
      page: /^The camera answers with 404 Not Found\. Check the path of its ONVIF address\.$/,
      endless: /its answer has no end\.$/,
      other: /its answer is not one of ONVIF\.$/,
      elsewhere: /redirects to another host/
    })
  })
})
