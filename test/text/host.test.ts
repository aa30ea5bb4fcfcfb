import t from 'tap'
import { canonicalHost, isLoopback } from '../../src/text/host.js'

t.test('a host has one spelling', async t => {
  for (const spelling of ['127.0.0.1', '127.1', '127.0.1', '0x7f.0.0.1', '0x7f000001', '2130706433', '0177.0.0.1', '017700000001', '127.0.0.1.', '::ffff:127.0.0.1', '::FFFF:7f00:1', '0:0:0:0:0:ffff:7f00:0001']) {
    t.equal(canonicalHost(spelling), '127.0.0.1', spelling)
  }
  t.equal(canonicalHost('Camera.LOCAL.'), 'camera.local')
  t.equal(canonicalHost('2001:DB8:0:0::1'), '2001:db8::1')
  t.equal(canonicalHost('fe80::1%eth0'), 'fe80::1%eth0')
  t.not(canonicalHost('127.0.0.1.example'), '127.0.0.1')
})

t.test('loopback is this machine only', async t => {
  for (const host of ['127.0.0.1', '127.9.8.7', '127.1', '::1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST.']) t.ok(isLoopback(host), host)
  for (const host of ['127.0.0.1.example', '127.example', '128.0.0.1', '::2', 'localhost.example', 'xlocalhost', '']) t.notOk(isLoopback(host), host)
})
