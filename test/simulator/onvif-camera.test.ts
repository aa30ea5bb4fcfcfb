import onvif from 'onvif'
import t from 'tap'
import { credentials, playOnvif } from '../onvif/onvif-camera.js'

t.test('the library that the field uses finds a simulated ONVIF camera as it finds a real one', async t => {
  const camera = await playOnvif(t)
  const cam = new onvif.Cam({ hostname: '127.0.0.1', port: Number(new URL(camera.url).port), ...credentials, useWSSecurity: false, autoconnect: false, timeout: 10_000 })
  const call = <T = any> (act: (done: (error: Error | null, answer?: T) => void) => void) => new Promise<T>((resolve, reject) => {
    act((error, answer) => error ? reject(error) : resolve(answer as T))
  })
  const time = await call<Date>(done => cam.getSystemDateAndTime(done))
  t.ok(Math.abs(Number(time) - Date.now()) < 60_000)
  await call(done => cam.getServices(true, done))
  const profiles = await call<Array<{ $: { token: string }, name: string }>>(done => cam.getProfiles(done))
  t.same(profiles.map(({ name }) => name), ['Main stream', 'Sub stream'])
  t.match(await call(done => cam.getStreamUri({ protocol: 'RTSP', profileToken: 'sub' }, done)), { uri: 'rtsp://127.0.0.1:554/sub' })
  t.match(await call(done => cam.getDeviceInformation(done)), { manufacturer: 'camgate', model: 'Yard' })
  t.match(await call(done => cam.getPresets({ profileToken: 'main' }, done)), { Gate: {}, 'Yard & barn': {} })
  await call(done => cam.continuousMove({ profileToken: 'main', x: 0.5, y: -1, zoom: 0, timeout: 5_000 }, done))
  await call(done => cam.stop({ profileToken: 'main', panTilt: true, zoom: true }, done))
  t.match(camera.head.log, [{ did: 'move', what: '0.5 -1 0' }, { did: 'stop' }])
  t.equal(camera.logins.wrong, 0)
})
