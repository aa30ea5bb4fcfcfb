import t from 'tap'
import { FakeClock } from '../fake-clock.js'
import { claims, ec, ed, eddsa, es256, hs256, makeToken, NOW_S, pemOf, rs256, rsa, SECRET, verifier } from './tokens.js'

const none = (payload: object, alg = 'none') => makeToken(payload, { alg }, () => Buffer.alloc(0))
const pem = (key: typeof rsa.publicKey) => ({ key: { pem: pemOf(key) } })

t.test('a token', async t => {
  t.test('says whom it was made for, what they may see, and when it was made and ends', async t => {
    const principal = await verifier().verify(hs256({ ...claims, right: 'control', iat: NOW_S - 5 }))
    t.strictSame(principal, { kind: 'token', name: 'anna', right: 'control', cameras: new Set(['gate']), issuedAt: (NOW_S - 5) * 1_000, until: (NOW_S + 60) * 1_000 })
  })
  t.test('is good with the algorithm of the configured key', async t => {
    for (const [settings, token] of [
      [{}, hs256(claims)], [pem(rsa.publicKey), rs256(claims)], [pem(ec.publicKey), es256(claims)], [pem(ed.publicKey), eddsa(claims)], [pem(ed.publicKey), eddsa(claims, { alg: 'Ed25519' })]
    ] as const) t.match(await verifier(settings).verify(token), { name: 'anna' })
  })
  t.test('does not choose the algorithm itself', async t => {
    const everyKey = [{}, pem(rsa.publicKey), pem(ec.publicKey), pem(ed.publicKey)]
    for (const settings of everyKey) {
      for (const alg of ['none', 'NONE', 'nOnE', '']) await t.rejects(verifier(settings).verify(none(claims, alg)), { code: 'BAD_CREDENTIALS' }, alg)
    }
    for (const { publicKey } of [rsa, ec, ed]) {
      for (const secret of [pemOf(publicKey), pemOf(publicKey).trim(), publicKey.export({ type: 'spki', format: 'der' })]) {
        const forged = hs256(claims, secret)
        await t.rejects(verifier(pem(publicKey)).verify(forged), { code: 'BAD_CREDENTIALS', message: /the configured key is not for \(alg\)/ }, 'the public key as the secret')
        for (const alg of ['RS256', 'ES256', 'EdDSA']) await t.rejects(verifier(pem(publicKey)).verify(hs256(claims, secret, { alg })), { code: 'BAD_CREDENTIALS' }, alg)
      }
    }
    for (const token of [rs256(claims), es256(claims), eddsa(claims), hs256(claims, SECRET, { alg: 'HS512' }), hs256(claims, SECRET, { alg: 'HS256', crit: ['x'], x: 1 }), hs256(claims, SECRET, { alg: 'HS256', b64: false, crit: ['b64'] })]) {
      await t.rejects(verifier().verify(token), { code: 'BAD_CREDENTIALS' })
    }
    const own = eddsa(claims, { jwk: ed.publicKey.export({ format: 'jwk' }), jku: 'http://127.0.0.1:9/' })
    await t.rejects(verifier(pem(ec.publicKey)).verify(own), { code: 'BAD_CREDENTIALS' }, 'nor the key')
  })
  t.test('is refused if it is altered, or is no token at all', async t => {
    const [header, , signature] = hs256(claims).split('.')
    const altered = `${header}.${Buffer.from(JSON.stringify({ ...claims, right: 'admin' })).toString('base64url')}.${signature}`
    await t.rejects(verifier().verify(altered), { code: 'BAD_CREDENTIALS', message: 'camgate refuses this token: its signature is wrong.' })
    await t.rejects(verifier().verify(hs256(claims, `${SECRET}!`)), { message: /its signature is wrong/ })
    for (const text of ['', 'x', 'a.b', 'a.b.c', '..', `${hs256(claims)}.x`, hs256(claims).slice(0, -1), '\u0000', 'ä.ö.ü', hs256([]), hs256(Object('x'))]) {
      await t.rejects(verifier().verify(text), { code: 'BAD_CREDENTIALS' }, text)
    }
  })
  t.test('ends with its exp, and may not leave that out', async t => {
    const clock = new FakeClock()
    const until = async (exp: number) => (await verifier({}, { clock }).verify(hs256({ ...claims, exp }))).until
    t.equal(await until(NOW_S + 1), (NOW_S + 1) * 1_000)
    for (const late of [0, 1, 29]) t.equal(await until(NOW_S - late), (NOW_S - late + 30) * 1_000, 'the clocks may differ by 30 seconds')
    for (const late of [30, 31, 1e6]) await t.rejects(until(NOW_S - late), { code: 'EXPIRED', message: 'This token has expired. Get a new one.' })
    clock.advance(31_000)
    await t.rejects(until(NOW_S + 1), { code: 'EXPIRED' })
    for (const exp of [undefined, 'tomorrow', null, true]) {
      await t.rejects(verifier().verify(hs256({ ...claims, exp })), { code: 'BAD_CREDENTIALS', message: /it does not say when it ends \(exp\)/ }, `${exp}`)
    }
  })
  t.test('is not good before its nbf, nor if it was issued in the future', async t => {
    for (const nbf of [NOW_S - 9, NOW_S + 30]) t.ok(await verifier().verify(hs256({ ...claims, nbf })))
    await t.rejects(verifier().verify(hs256({ ...claims, nbf: NOW_S + 31 })), { code: 'BAD_CREDENTIALS', message: /it is not valid yet \(nbf\)/ })
    t.ok(await verifier().verify(hs256({ ...claims, iat: NOW_S + 30 })))
    await t.rejects(verifier().verify(hs256({ ...claims, iat: NOW_S + 31 })), { code: 'BAD_CREDENTIALS', message: /issued in the future \(iat\)/ }, 'a revocation would not reach it')
    await t.rejects(verifier().verify(hs256({ ...claims, iat: 'x' })), { code: 'BAD_CREDENTIALS' })
  })
  t.test('of a signer whose clock is ahead is as old as its first use, so that a revocation after that reaches it', async t => {
    const clock = new FakeClock()
    const tokens = verifier({}, { clock })
    const ahead = hs256({ ...claims, exp: NOW_S + 600, iat: NOW_S + 20 })
    t.equal((await tokens.verify(ahead)).issuedAt, NOW_S * 1_000)
    clock.advance(61_000)
    t.equal((await tokens.verify(ahead)).issuedAt, NOW_S * 1_000, 'also when it is verified anew')
  })
  t.test('is for the configured audience, from the configured issuer', async t => {
    const guarded = verifier({ issuer: 'https://login', audience: 'camgate' })
    for (const aud of ['camgate', ['other', 'camgate']]) t.ok(await guarded.verify(hs256({ ...claims, iss: 'https://login', aud })))
    for (const aud of ['other', [], ['Camgate'], undefined, { camgate: 1 }]) {
      await t.rejects(guarded.verify(hs256({ ...claims, iss: 'https://login', aud })), { code: 'BAD_CREDENTIALS', message: /not for the configured audience \(aud\)/ }, `${aud}`)
    }
    for (const iss of ['https://login/', ['https://login'], undefined]) {
      await t.rejects(guarded.verify(hs256({ ...claims, iss, aud: 'camgate' })), { code: 'BAD_CREDENTIALS', message: /not from the configured issuer \(iss\)/ }, `${iss}`)
    }
    await t.rejects(verifier().verify(hs256({ ...claims, aud: 'other' })), { code: 'BAD_CREDENTIALS', message: /does not say which audience camgate is/ }, 'RFC 7519 section 4.1.3')
  })
  t.test('is verified once a minute, and never after its end', async t => {
    const clock = new FakeClock()
    const it = verifier({ key: { pem: pemOf(ec.publicKey) } }, { clock })
    const token = es256({ ...claims, exp: NOW_S + 70 })
    const first = await it.verify(token)
    t.equal(await it.verify(token), first)
    t.not(await it.verify(es256({ ...claims, exp: NOW_S + 70 })), first, 'another signature')
    await t.rejects(it.verify(`${token}x`), { code: 'BAD_CREDENTIALS' })
    clock.advance(59_999)
    t.equal(await it.verify(token), first)
    clock.advance(1)
    const second = await it.verify(token)
    t.not(second, first)
    clock.advance(9_999)
    t.equal(await it.verify(token), second)
    clock.advance(1)
    t.equal((await it.verify(token)).until, (NOW_S + 100) * 1_000, 'by a clock that is late')
    clock.advance(29_999)
    t.ok(await it.verify(token))
    clock.advance(1)
    await t.rejects(it.verify(token), { code: 'EXPIRED' })
    await t.rejects(it.verify(token), { code: 'EXPIRED' })
  })
  t.test('is quoted in no error', async t => {
    const token = hs256({ ...claims, sub: 'hunter2', right: 'hunter2', aud: 'hunter2', iss: 'hunter2' })
    const wrong = [token, `${token}x`, hs256({ ...claims, exp: 1, sub: 'hunter2' }), hs256({ ...claims, sub: { hunter2: 1 } }), hs256({ ...claims, right: 'hunter2' }), hs256({ ...claims, cameras: { hunter2: 1 } })]
    for (const each of wrong) {
      const error = await verifier({ issuer: 'x' }).verify(each).then(() => t.fail('refused'), (error: Error) => error) as Error & { cause?: unknown }
      t.equal(error.cause, undefined, 'those of jose have the claims')
      const all = `${error.stack} ${JSON.stringify({ ...error })}`
      for (const secret of ['hunter2', ...each.split('.')]) t.notMatch(all, secret)
    }
  })
})

t.test('claims with other names', async t => {
  const settings = { claims: { name: 'preferred_username', right: 'https://example.org/role', cameras: 'scope' } }
  const payload = { exp: claims.exp, sub: 'x', right: 'admin', cameras: 'all', preferred_username: 'ben', 'https://example.org/role': 'control', scope: 'gate barn' }
  t.match(await verifier(settings).verify(hs256(payload)), { name: 'ben', right: 'control', cameras: new Set(['gate', 'barn']) })
  for (const name of ['constructor', 'toString', '__proto__']) {
    const odd = await verifier({ claims: { name: 'sub', right: name, cameras: name } }).verify(hs256({ sub: 'anna', exp: claims.exp }))
    t.match(odd, { right: 'view', cameras: new Set() }, name)
  }
})
