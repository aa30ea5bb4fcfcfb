import t from 'tap'
import { hostsOf } from '../../src/discovery/hosts.js'

t.test('the hosts that a person names', async t => {
  t.same(hostsOf(['cam.local', '192.0.2.1', '192.0.2.1']), ['cam.local', '192.0.2.1'])
  t.same(hostsOf(['192.0.2.77/30']), ['192.0.2.77', '192.0.2.78'])
  t.same(hostsOf(['192.0.2.0/31', '192.0.2.9/32']), ['192.0.2.0', '192.0.2.1', '192.0.2.9'])
  t.same(hostsOf(['10.0.0.0/22']).length, 1_022)
  t.same([hostsOf(['10.0.3.255/22']).at(0), hostsOf(['255.255.255.0/24']).at(-1)], ['10.0.0.1', '255.255.255.254'])
  for (const word of ['10.0.0.0/21', '0.0.0.0/0', 'fd00::/120', 'cam/24', '10.0.0.1/33', '10.0.0.1:80', 'http://10.0.0.1', '::1', 'a b', '']) t.throws(() => hostsOf([word]), { code: 'USAGE' }, word)
  t.throws(() => hostsOf(['http://10.0.0.1:80']), { message: /^Expected a host,/ }, 'an address of a page')
  t.throws(() => hostsOf(['10.0.0.0/22', '10.1.0.0/24']), { code: 'USAGE', message: /more than 1024/ })
})
