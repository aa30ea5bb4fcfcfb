import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { hostFor, originFor, rangeFor } from '../../src/config/addresses.js'
import { trustedProxies } from '../../src/access/trusted-proxies.js'
import { KnownHosts } from '../../src/sites/hosts.js'
import { mayChangeState } from '../../src/sites/origins.js'
import { hostileHosts } from '../text/hostile-hosts.js'

const valueOf = (reading: ReturnType<typeof hostFor>) => 'value' in reading ? reading.value : undefined

t.test('what cameras.yaml lists is what requests are compared with', async t => {
  t.test('a host is known, however both are spelled', async t => {
    fc.assert(fc.property(hostileHosts, text => {
      const host = valueOf(hostFor(text))
      if (host === undefined) return
      assert.deepEqual(new KnownHosts([host]).verdict(text), { kind: 'known', host })
      assert.deepEqual(new KnownHosts([text]).verdict(`${host}:5000`), { kind: 'known', host })
    }), { numRuns: 1_000 })
    t.pass()
  })
  t.test('a text that is no host of a request is none in the file', async t => {
    fc.assert(fc.property(hostileHosts, text => {
      if (new KnownHosts([]).verdict(text).kind === 'invalid') assert.equal(valueOf(originFor(`http://${text}`)), undefined, text)
    }), { numRuns: 1_000 })
    t.pass()
  })
  t.test('an origin is what its pages send', async t => {
    fc.assert(fc.property(fc.constantFrom('http', 'https'), hostileHosts, (scheme, text) => {
      const origin = valueOf(originFor(`${scheme}://${text}`))
      if (origin === undefined) return
      assert.equal(valueOf(originFor(origin)), origin)
      assert.equal(mayChangeState({ 'user-agent': 'Mozilla/5.0', referer: `${scheme}://${text}/page` }, origin, []), 'allowed')
    }), { numRuns: 1_000 })
    t.pass()
  })
  t.test('a range trusts the address in it', async t => {
    fc.assert(fc.property(fc.oneof(fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })), fc.tuple(fc.ipV6(), fc.integer({ min: 97, max: 128 }))), ([address, bits]) => {
      const range = valueOf(rangeFor(`${address}/${bits}`))
      assert.equal(range === undefined ? 'refused' : trustedProxies([range])(address), true, `${address}/${bits}`)
    }))
    t.pass()
  })
})
