import t from 'tap'
import { partOfAddress } from '../../src/viewers/viewer-address.js'

t.test('a viewer\'s address', async t => {
  for (const [address, part] of [
    ['192.168.1.20', '192.168.1.x'],
    ['::ffff:10.0.0.7', '10.0.0.x'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:x'],
    ['2001:db8::1', '2001:db8:0:0:x'],
    ['fe80::1%eth0', 'fe80:0:0:0:x'],
    ['::1', '0:0:0:0:x'],
    ['', 'unknown']
  ] as const) t.equal(partOfAddress(address), part, address)
})
