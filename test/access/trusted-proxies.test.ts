import t from 'tap'
import { trustedProxies } from '../../src/access/trusted-proxies.js'

t.test('trusts addresses and ranges, and nothing else', async t => {
  const trusts = trustedProxies(['172.18.0.2', '10.0.0.0/8', '192.168.7.0/25', 'fd12::/16', '2001:db8::5', 'fe80::1'])
  const yes = [
    '172.18.0.2', '10.255.0.1', '192.168.7.127', 'fd12:3::4', '2001:db8:0:0:0:0:0:5', '2001:DB8::0005', '::ffff:172.18.0.2', '::ffff:ac12:2', '::ffff:10.1.2.3', 'fe80::1%eth0'
  ]
  const no = [
    '172.18.0.3', '11.0.0.1', '192.168.7.128', 'fd13::1', '2001:db8::6', '::1', '127.0.0.1', '::ffff:172.18.0.3', 'fe80::2%eth0',
    undefined, '', 'unknown', '172.18.0.2:1234', ' 172.18.0.2', '172.18.2', '0254.18.0.2', '0xac120002', '2886860802', '[2001:db8::5]', '172.18.0.2, 1.2.3.4', 'a'.repeat(10_000)
  ]
  for (const address of yes) t.equal(trusts(address), true, address)
  for (const address of no) t.equal(trusts(address), false, String(address).slice(0, 40))
})

t.test('trusts an IPv4 address that is configured as one of IPv6', async t => {
  t.equal(trustedProxies(['::ffff:10.0.0.1'])('10.0.0.1'), true)
  t.equal(trustedProxies(['::ffff:10.0.0.1'])('10.0.0.2'), false)
})

t.test('trusts nobody if none is configured', async t => {
  for (const address of ['127.0.0.1', '::1', undefined]) t.equal(trustedProxies([])(address), false)
})
