import t from 'tap'
import { targetOf } from '../../src/capture/camera-memory.js'

t.test('the target of a camera', async t => {
  t.test('has a host, a port and a path without secrets', async t => {
    t.same(targetOf({ source: { type: 'rtsp', url: 'rtsp://cam/live?pwd=x&channel=1' } }), { hasCredentials: false, place: { host: 'cam', port: 554, path: '/live?channel=1' } })
    t.same(targetOf({ source: { type: 'http', url: 'https://[fe80::1]:8443' }, credentials: { username: 'a', password: 'b' } }), { hasCredentials: true, place: { host: 'fe80::1', port: 8443, path: '/' } })
  })
  t.test('has no place for a source outside of the network', async t => {
    t.same(targetOf({ source: { type: 'v4l2', device: 'auto' } }), { hasCredentials: false })
  })
})
