import type { KeyObject } from 'node:crypto'
import type { FlattenedJWSInput } from 'jose'
import t from 'tap'
import { KeySet } from '../../src/tokens/key-set.js'
import { FakeClock } from '../fake-clock.js'
import { ec, ed, rsa } from './tokens.js'

const jwk = (key: KeyObject, more: object) => ({ ...key.export({ format: 'jwk' }), ...more })
const one = { keys: [jwk(ec.publicKey, { kid: 'one', alg: 'ES256', use: 'sig' })] }
const two = { keys: [jwk(ed.publicKey, { kid: 'two', alg: 'EdDSA' })] }
const token: FlattenedJWSInput = { payload: '', signature: '' }
const MINUTE = 60_000

/** A signer whose answer the test sets, and what was asked of it. */
function signer (first: unknown) {
  const clock = new FakeClock()
  const it = { answer: first as unknown, asked: 0, warnings: [] as string[], clock }
  const set = new KeySet({
    clock,
    warn: message => it.warnings.push(message),
    fetch: async () => {
      it.asked++
      const answer = await it.answer
      if (answer instanceof Error) throw answer
      return answer
    }
  })
  return Object.assign(it, { find: async (kid?: string, alg = kid === 'two' ? 'EdDSA' : 'ES256') => await set.find({ alg, ...kid !== undefined && { kid } }, token) })
}
const down = new Error('ECONNREFUSED')
const unavailable = { code: 'KEYS_UNAVAILABLE', message: /cannot fetch the keys of its signer; camgate's log says why/ }
const unknownKey = { code: 'ERR_JWKS_NO_MATCHING_KEY' }

t.test('the keys of a signer', async t => {
  t.test('are fetched for the first token, once, and kept', async t => {
    const it = signer(one)
    t.equal(it.asked, 0)
    await Promise.all([it.find('one'), it.find('one'), it.find()])
    it.clock.advance(10 * MINUTE - 1)
    await it.find('one')
    t.equal(it.asked, 1)
    it.clock.advance(1)
    await it.find('one')
    t.equal(it.asked, 2, 'a withdrawn key is refused after ten minutes')
  })
  t.test('are fetched again for a token with a new key, but not for every forged one', async t => {
    const it = signer(one)
    await it.find('one')
    it.answer = { keys: [...one.keys, ...two.keys] }
    await t.rejects(it.find('two'), unknownKey, 'they were fetched less than 30 seconds ago')
    it.clock.advance(30_000)
    await it.find('two')
    for (const kid of ['x', 'y', 'z']) await t.rejects(it.find(kid), unknownKey)
    t.equal(it.asked, 2)
  })
  t.test('are forgotten when the signer withdraws them', async t => {
    const it = signer(one)
    await it.find('one')
    it.answer = two
    it.clock.advance(10 * MINUTE)
    await t.rejects(it.find('one'), unknownKey)
    await it.find('two')
    it.answer = { keys: [] }
    it.clock.advance(10 * MINUTE)
    await t.rejects(it.find('two'), unknownKey)
  })
  t.test('must be named if there are several', async t => {
    const it = signer({ keys: [...one.keys, jwk(ec.publicKey, { kid: 'other' })] })
    await it.find('one')
    await t.rejects(it.find(), { code: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS' })
  })
  t.test('are for signing, and public', async t => {
    for (const more of [{ use: 'enc' }, { alg: 'ES384' }, { key_ops: ['sign'] }]) await t.rejects(signer({ keys: [jwk(ec.publicKey, { ...more, kid: 'one' })] }).find('one'), unknownKey, JSON.stringify(more))
    await t.rejects(signer({ keys: [jwk(ec.privateKey, { kid: 'one' })] }).find('one'))
    await t.rejects(signer({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'one' }] }).find('one', 'HS256'))
    await t.rejects(signer({ keys: [jwk(rsa.publicKey, { kid: 'one' })] }).find('one'), unknownKey, 'an RSA key does not do for ES256')
  })
})

t.test('a signer that cannot be reached', async t => {
  t.test('refuses every token until it can, and is asked every 10 seconds', async t => {
    const it = signer(down)
    for (let n = 0; n < 3; n++) await t.rejects(it.find('one'), unavailable)
    t.equal(it.asked, 1)
    it.clock.advance(9_999)
    await t.rejects(it.find('one'), unavailable)
    it.answer = one
    it.clock.advance(1)
    await it.find('one')
    t.equal(it.asked, 2)
  })
  t.test('is logged once a minute', async t => {
    const it = signer(down)
    for (let second = 0; second < 120; second++) {
      await it.find('one').catch(() => {})
      it.clock.advance(1_000)
    }
    t.equal(it.asked, 12)
    t.same(it.warnings, Array(2).fill('The keys that tokens are verified with cannot be fetched: ECONNREFUSED. Until they can, all tokens are refused.'))
  })
  t.test('leaves its last keys good for an hour', async t => {
    const it = signer(one)
    await it.find('one')
    it.answer = down
    it.clock.advance(10 * MINUTE)
    await it.find('one')
    t.match(it.warnings, [/: ECONNREFUSED\. The last ones are used until they are an hour old\./])
    await t.rejects(it.find('two'), unavailable, 'this key may be new')
    it.clock.advance(50 * MINUTE - 1)
    await it.find('one')
    it.clock.advance(1)
    await t.rejects(it.find('one'), unavailable)
    it.answer = one
    it.clock.advance(10_000)
    await it.find('one')
  })
  t.test('keeps nobody waiting who has a key, after the first time', async t => {
    const it = signer(one)
    await it.find('one')
    it.answer = down
    it.clock.advance(10 * MINUTE)
    await it.find('one')
    let resolve = (_answer: unknown) => {}
    const late = new Promise<unknown>(_resolve => { resolve = _resolve })
    it.answer = late
    it.clock.advance(10_000)
    await it.find('one') // would never resolve
    await it.find('one')
    t.equal(it.asked, 3)
    resolve(two)
    await late
    await new Promise(setImmediate)
    await t.rejects(it.find('one'), unknownKey, 'the new set counts once it is there')
  })
  t.test('is one that answers with something else', async t => {
    for (const answer of [null, 'x', [], {}, { keys: {} }, { keys: ['x'] }, { keys: [null] }]) {
      const it = signer(answer)
      await t.rejects(it.find('one'), unavailable, JSON.stringify(answer))
      t.match(it.warnings, [/its answer is not a key set/])
    }
  })
})
