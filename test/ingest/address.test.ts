import t from 'tap'
import { addressOf, redirected } from '../../src/ingest/address.js'

const lan = { remoteAddress: '192.168.1.20', localAddress: '192.168.1.5' }
const loopback = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1' }
const follow = (from: string, to: string, { hasPassword = false, ends = lan } = {}) => redirected(addressOf(from, false)!, to, hasPassword, ends)

t.test('a redirect', async t => {
  t.test('is followed on the camera itself, at its IP address', async t => {
    t.match(follow('http://192.168.1.20/a', 'http://192.168.1.20/b'), { url: 'http://192.168.1.20/b', host: '192.168.1.20', port: 80, ip: '192.168.1.20' })
    t.match(follow('http://camera.local/a', 'http://CAMERA.local./b'), { ip: '192.168.1.20' }, 'whatever the name resolves to next time')
    t.match(follow('http://192.168.1.20/a', 'http://3232235796/b'), { ip: '192.168.1.20' })
    t.match(follow('http://192.168.1.20/a', 'http://192.168.1.20:81/b'), { port: 81 })
    t.match(follow('http://192.168.1.20/a', 'https://192.168.1.20/a'), { port: 443, tls: true })
    t.match(follow('rtsp://192.168.1.20/a', 'rtsp://192.168.1.20:8554/b'), { port: 8554 })
    t.match(follow('http://127.0.0.1:8080/a', 'http://127.0.0.1:8080/b', { ends: loopback }), { ip: '127.0.0.1' })
  })
  t.test('is not followed to another host in any spelling', async t => {
    for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost', 'localhost.', 'localtest.me', '0.0.0.0', '169.254.169.254', '[fe80::1]', '192.168.1.21', '192.168.1.20.evil.example', '192.168.1.20@127.0.0.1', '[::ffff:192.168.1.21]']) {
      for (const hasPassword of [true, false]) t.throws(() => follow('http://192.168.1.20/a', `http://${host}/b`, { hasPassword }), { code: 'BAD_REDIRECT' }, host)
      t.throws(() => follow('rtsp://192.168.1.20/a', `rtsp://${host}/b`), { code: 'BAD_REDIRECT' }, host)
    }
    t.throws(() => follow('http://camera.local/a', 'http://xn--istanbul-o0e.evil/b'), { message: /^The camera redirects to another host, which/ }, 'it may be a password in Punycode')
    t.throws(() => follow('http://camera.local/a', 'http://192.168.1.20/b'), { message: 'The camera redirects to another host (192.168.1.20), which camgate does not follow; if that is right, write that address.' })
  })
  t.test('is not followed to another port of this machine, which may be camgate', async t => {
    for (const [from, ends] of [
      ['http://127.0.0.1:8080/a', loopback], ['http://localhost:8080/a', { remoteAddress: '::1', localAddress: '::1' }], ['http://[::1]:8080/a', { remoteAddress: '::1', localAddress: '::1' }],
      ['http://camera.local:8080/a', { remoteAddress: '::ffff:127.0.0.1', localAddress: '::ffff:127.0.0.1' }], ['http://192.168.1.5:8080/a', { remoteAddress: '192.168.1.5', localAddress: '192.168.1.5' }]
    ] as const) {
      t.throws(() => follow(from, from.replace('8080/a', '5000/stop/2'), { ends }), { code: 'BAD_REDIRECT', message: /another port \(5000\)/ }, from)
      t.throws(() => follow(from.replace('http', 'rtsp'), from.replace('http', 'rtsp').replace('8080/a', '5000/x'), { ends }), { code: 'BAD_REDIRECT' }, from)
    }
  })
  t.test('may change only the path if there is a password', async t => {
    const hasPassword = true
    t.match(follow('http://192.168.1.20/a', 'http://192.168.1.20/b', { hasPassword }), { url: 'http://192.168.1.20/b' })
    for (const [from, to] of [
      ['http://192.168.1.20/a', 'http://192.168.1.20:81/a'], ['rtsp://192.168.1.20/a', 'rtsp://192.168.1.20:8554/a'],
      ['http://192.168.1.20/a', 'https://192.168.1.20/a'], ['rtsp://192.168.1.20:322/a', 'rtsps://192.168.1.20:322/a']
    ] as const) t.throws(() => follow(from, to, { hasPassword }), { code: 'BAD_REDIRECT' }, to)
  })
  t.test('is never followed out of TLS, nor to another protocol', async t => {
    for (const [from, to] of [
      ['https://192.168.1.20/a', 'http://192.168.1.20/a'], ['rtsps://192.168.1.20/a', 'rtsp://192.168.1.20/a'], ['http://192.168.1.20/a', 'rtsp://192.168.1.20/a'],
      ['http://192.168.1.20/a', 'file:///etc/passwd'], ['http://192.168.1.20/a', ''], ['http://192.168.1.20/a', 'http://192.168.1.20:99999/']
    ] as const) t.throws(() => follow(from, to), { code: 'BAD_REDIRECT' }, to)
  })
})
