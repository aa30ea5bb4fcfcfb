import type { LookupAddress } from 'node:dns'
import t from 'tap'
import { guardedLookup, objectionTo } from '../../src/notify/addresses.js'

const places = [{ camera: 'yard', host: '192.168.1.20', port: 554 }, { camera: 'local', host: '127.0.0.1', port: 8554 }]
const objection = (address: string, port = 443) => objectionTo(address, port, places)

t.test('addresses', async t => {
  t.test('of receivers may be public, private, and of this machine', async t => {
    for (const address of ['203.0.113.9', '10.0.0.1', '192.168.1.21', '172.17.0.1', '127.0.0.1', '::1', 'fd00::1', '2001:db8::1', '64:ff9b::203.0.113.9', '64:ff9b:1::c0a8:114']) t.equal(objection(address), undefined, address)
  })
  t.test('are not those of cameras', async t => {
    for (const address of ['192.168.1.20', '::ffff:192.168.1.20', '::ffff:c0a8:114', '64:ff9b::192.168.1.20', '64:ff9b::c0a8:114']) t.equal(objection(address), 'has the address of the camera yard', address)
    t.equal(objection('127.0.0.1', 8554), 'has the address of the camera local')
    t.equal(objection('::1', 8554), 'has the address of the camera local')
  })
  t.test('are not those of no machine, or of a cloud', async t => {
    const wrong = ['0.0.0.0', '0.1.2.3', '169.254.169.254', '169.254.1.1', '224.0.0.1', '255.255.255.255', '100.100.100.200', '::', 'fe80::1', 'fe80::1%eth0', 'ff02::1', 'fd00:ec2::254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::ffff:0.0.0.0', '64:ff9b::169.254.169.254', '64:ff9b::a9fe:a9fe', 'fd20:ce::254', '', 'example.org']
    for (const address of wrong) t.match(objection(address), /no receiver can be/, address)
  })
})

t.test('a lookup', async t => {
  const four = (address: string): LookupAddress => ({ address, family: 4 })
  const lookup = async (addresses: LookupAddress[] | Error, all: boolean) => {
    let lookups = 0
    const guarded = guardedLookup(async () => {
      lookups++
      if (addresses instanceof Error) throw addresses
      return addresses
    }, objection)
    const answer = await new Promise<unknown[]>(resolve => { guarded('hook.lan', { all }, (...found) => resolve(found)) })
    t.equal(lookups, 1, 'the name is looked up once')
    return answer
  }
  t.test('hands on only addresses that may be connected to', async t => {
    const mixed = [four('192.168.1.20'), four('10.0.0.1'), { address: 'fe80::1', family: 6 }, four('10.0.0.2')]
    t.same(await lookup(mixed, true), [null, [four('10.0.0.1'), four('10.0.0.2')]])
    t.same(await lookup(mixed, false), [null, '10.0.0.1', 4])
  })
  t.test('fails if there is none', async t => {
    t.match(await lookup([four('192.168.1.20')], true), [{ message: 'it has the address of the camera yard' }])
    t.match(await lookup([four('169.254.169.254')], false), [{ message: /no receiver can be/ }])
    t.match(await lookup([], true), [Error])
    t.match(await lookup(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), true), [{ code: 'ENOTFOUND' }])
  })
})
