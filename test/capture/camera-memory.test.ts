import t from 'tap'
import { targetOf } from '../../src/capture/camera-memory.js'

t.test('the target of a camera', async t => {
  t.test('has a host, a port and a path without secrets', async t => {
    t.same(targetOf({ source: { type: 'rtsp', url: 'rtsp://cam/live?pwd=x&channel=1' } }), { hasCredentials: false, place: { host: 'cam', port: 554, path: '/live?channel=1' } })
    t.same(targetOf({ source: { type: 'http', url: 'https://[fe80::1]:8443' }, credentials: { username: 'a', password: 'b' } }), { hasCredentials: true, place: { host: 'fe80::1', port: 8443, path: '/' } })
  })
  t.test('says what another camgate is shown, but not the token itself', async t => {
    const place = { host: 'barn', port: 443, path: '/camera/1' }
    t.same(targetOf({ source: { type: 'http', url: 'https://barn/camera/1', token: 'a.b.c' } }), { hasCredentials: false, proof: 'token', place })
    t.same(targetOf({ source: { type: 'http', url: 'https://barn/camera/1?exp=1&kid=k1&sub=anna&sig=abc' } }), { hasCredentials: false, proof: 'link', place })
    t.equal(targetOf({ source: { type: 'http', url: 'https://barn/?design=1' } }).proof, undefined)
    t.equal(targetOf({ source: { type: 'http', url: 'https://cam/a?sig=1' }, credentials: { username: 'a', password: 'b' } }).proof, undefined)
  })
  t.test('has no place for a source outside of the network', async t => {
    t.same(targetOf({ source: { type: 'v4l2', device: 'auto' } }), { hasCredentials: false })
  })
})
