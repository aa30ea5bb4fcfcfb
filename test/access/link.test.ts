import { createHmac } from 'node:crypto'
import Fastify, { type FastifyRequest } from 'fastify'
import fc from 'fast-check'
import t from 'tap'
import { signLink, verifyLink, type Query } from '../../src/access/link.js'
import { vectors } from './vectors.js'

const keys = new Map(Object.entries(vectors.keys))
const link = { kid: 'k1', sub: 'anna', iat: 1_000, exp: 1_600 }
const sign = (address: string, more: Partial<typeof link> = {}) => signLink(address, { ...link, ...more }, keys.get('k1')!)
const verify = (url: string, now = 1_000) => {
  const { pathname, searchParams } = new URL(url, 'http://camgate')
  return verifyLink(pathname, [...searchParams], keys, now * 1000)
}

t.test('a signed link', async t => {
  t.test('is what the vectors say', async t => {
    t.ok(vectors.sign.length >= 30)
    for (const { name, address, sub, kid, seconds, base, now, text, url } of vectors.sign) {
      const own = url.slice(base.replace(/\/$/, '').length)
      t.equal(signLink(address, { sub, kid, iat: now, exp: now + seconds }, keys.get(kid)!), own, name)
      t.equal(createHmac('sha256', keys.get(kid)!).update(text).digest('base64url'), new URL(own, 'http://camgate').searchParams.get('sig'), `the text of: ${name}`)
    }
  })

  t.test('is judged as the vectors say, with the query as Fastify reads it', async t => {
    const app = Fastify()
    let seen: FastifyRequest | undefined
    app.get('/*', async request => { seen = request })
    for (const { name, url, now, verdict } of vectors.verify) {
      await app.inject(url)
      const [path = ''] = seen!.url.split('?')
      const query = Object.entries(seen!.query as Record<string, string | string[]>).flatMap(([name, values]) => [values].flat().map(value => [name, value] as const))
      t.equal(verifyLink(path, query, keys, now * 1000).kind, verdict, name)
      t.equal(verifyLink(path, [...new URLSearchParams(url.split('?')[1])], keys, now * 1000).kind, verdict, `with URLSearchParams: ${name}`)
    }
    for (const kind of ['good', 'expired', 'early', 'malformed', 'unknown-key', 'wrong-signature']) t.ok(vectors.verify.some(({ verdict }) => verdict === kind), kind)
  })

  t.test('says for whom and for how long it is', async t => {
    t.match(verify(sign('/camera/1?fps=5')), { kind: 'good', link })
    t.match(verify(sign('/camera/1', { sub: 'Jürgen +%41' })), { link: { ...link, sub: 'Jürgen +%41' } })
    t.match(verify(sign('/camera/1'), 1_600), { kind: 'expired', link })
  })

  t.test('is good whatever its path, query and user are, and with no other byte', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 })
    const pairs: fc.Arbitrary<Query> = fc.array(fc.tuple(text, text), { maxLength: 4 })
    fc.assert(fc.property(fc.array(text.filter(part => part !== '' && !/^\.{1,2}$/.test(part)), { maxLength: 3 }), pairs, text.filter(sub => sub !== ''), (parts, query, sub) => {
      const url = sign(`/${parts.map(encodeURIComponent).join('/')}?${new URLSearchParams(query.map(pair => [...pair] as [string, string]))}`, { sub })
      const verdict = verify(url)
      return verdict.kind === 'good' && verdict.link.sub === sub
    }))
    const url = sign('/camera/1?fps=5')
    fc.assert(fc.property(fc.nat(url.length - 1), fc.constantFrom(...'abcXYZ019-._~/&=%'), (at, other) => {
      const changed = url.slice(0, at) + other + url.slice(at + 1)
      return changed === url || verify(changed).kind !== 'good'
    }), { numRuns: 1_000 })
  })

  t.test('with a path that cannot be decoded is compared as it is', async t => {
    t.equal(verifyLink('/camera/%E0%A4', [...new URL(sign('/camera/1'), 'http://camgate').searchParams], keys, 1_000_000).kind, 'wrong-signature')
  })
})
