import t from 'tap'
import { addressesOf, exposureOf, openWarning, requireAuth } from '../../src/door/exposure.js'

const at = (host: string) => ({ host, port: 5000 })
const auth = { users: new Map() }

t.test('the addresses of a host', async t => {
  const never = async () => { throw new Error('an address needs no look-up') }
  for (const address of ['127.0.0.1', '0.0.0.0', '::', '::1', '::ffff:127.0.0.1']) t.same(await addressesOf(address, never), [address])
  const found = async (name: string) => name === 'none' ? [] : ['127.0.0.1', '::1', '192.0.2.1']
  t.same(await addressesOf('localhost', found), ['127.0.0.1', '::1', '192.0.2.1'], 'all of localhost')
  t.same(await addressesOf('cams', found), ['127.0.0.1'], 'Node listens on the first of another name')
  await t.rejects(addressesOf('none', found), { code: 'ENOTFOUND' }, 'without one, Node would listen on all')
  await t.rejects(addressesOf('cams', async () => { throw Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }), { code: 'ENOTFOUND' })
  for (const short of ['127.1', '2130706433', '0x7f.1']) t.equal(exposureOf(await addressesOf(short)), 'machine', `${short}, as the system reads it`)
  t.equal(exposureOf(await addressesOf('0')), 'network', '0 is every address')
})

t.test('this machine alone can reach loopback, in any spelling', async t => {
  for (const address of ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::FFFF:7f00:1']) t.equal(exposureOf([address]), 'machine', address)
  for (const address of ['0.0.0.0', '::', '::ffff:0.0.0.0', '::ffff:192.0.2.1', '192.168.1.20', '10.0.0.1', '128.0.0.1', '126.255.255.255', 'fe80::1', 'fd00::1', '2001:db8::1', '::2', '::127.0.0.1', '1::1']) t.equal(exposureOf([address]), 'network', address)
  t.equal(exposureOf(['127.0.0.1', '::1']), 'machine')
  t.equal(exposureOf(['127.0.0.1', '192.0.2.1']), 'network', 'a localhost that is not only this machine')
  t.equal(exposureOf([]), 'network')
  t.equal(exposureOf(['127.0.0.1'], ['127.0.0.1']), 'network', 'others come through a proxy')
})

t.test('camgate starts', async t => {
  t.test('on loopback with or without auth', async () => {
    for (const any of [undefined, 'none', auth] as const) requireAuth(any, 'machine', at('127.0.0.1'))
  })
  t.test('elsewhere only with auth, or if it is none in words', async t => {
    for (const written of ['none', auth] as const) requireAuth(written, 'network', at('0.0.0.0'))
    const refused = { code: 'CONFIG', message: /^camgate does not start: on 0\.0\.0\.0:5000 others could reach it[^]*run camgate password[^]*listen on 127\.0\.0\.1[^]*auth: none[^]*CAMGATE_AUTH=none/ }
    t.throws(() => requireAuth(undefined, 'network', at('0.0.0.0')), refused)
  })
})

t.test('the log warns of a server that asks nobody, and others can reach', async t => {
  t.equal(openWarning('none', 'network', '0.0.0.0:5000'), 'Everybody who reaches 0.0.0.0:5000 can see every camera, and start, stop and restart it: auth is none, so camgate asks for no password')
  t.equal(openWarning('none', 'machine', '127.0.0.1:5000'), undefined)
  t.equal(openWarning(auth, 'network', '0.0.0.0:5000'), undefined)
})
