import fc from 'fast-check'
import t from 'tap'
import { networkOf } from '../../src/access/network.js'

t.test('the network of an address', async t => {
  for (const [address, network] of [
    ['192.168.1.20', '192.168.1.20'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['::FFFF:0a00:0007', '10.0.0.7'],
    ['0:0:0:0:0:ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1:2:3:4', '2001:db8:0:0::/64'],
    ['2001:db8::5:0:0:0:1', '2001:db8:0:5::/64'],
    ['64:ff9b::1.2.3.4', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['', 'unknown'],
    ['10.0.0.7:1234', 'unknown'],
    ['localhost', 'unknown']
  ] as const) t.equal(networkOf(address), network, address)
})

t.test('is the same for all addresses of one IPv6 network, however they are spelled', async t => {
  const hextet = fc.integer({ min: 0, max: 0xffff })
  fc.assert(fc.property(fc.tuple(hextet, hextet, hextet, hextet).filter(([first]) => first !== 0), fc.array(hextet, { minLength: 4, maxLength: 4 }), fc.boolean(), (net, host, padded) => {
    const groups = [...net, ...host].map(group => group.toString(16).padStart(padded ? 4 : 1, '0'))
    return networkOf(groups.join(':').toUpperCase()) === `${net.map(group => group.toString(16)).join(':')}::/64`
  }))
  t.pass()
})
