import fc from 'fast-check'
import t from 'tap'
import { asksForDigest, digestAlgorithms, formatChallenge, parseChallenges, type AuthChallenge } from '../../src/http-auth/challenge.js'

const digest = { scheme: 'digest', realm: 'r', nonce: 'n', algorithm: 'MD5', qop: false } as const

t.test('a challenge', async t => {
  t.test('is parsed as real cameras write it', async t => {
    t.same(parseChallenges(['Digest realm="Login to 4K0", nonce="12ab", stale="FALSE", algorithm="MD5", qop="auth"']),
      [{ ...digest, realm: 'Login to 4K0', nonce: '12ab', qop: true }])
    t.same(parseChallenges(['digest realm=r,nonce=n']), [digest])
    t.same(parseChallenges(['Digest stale=TRUE, realm="r", nonce="n"']), [{ ...digest, stale: true }])
    t.same(parseChallenges(['Digest nonce="n", realm="r']), [digest])
    t.same(parseChallenges(['Basic realm="a, Digest b=c"']), [{ scheme: 'basic', realm: 'a, Digest b=c' }])
  })
  t.test('is Basic without a realm, alone and beside others', async t => {
    const basic = { scheme: 'basic', realm: '' }
    for (const header of ['Basic', 'basic ', ' Basic', 'Basic, Negotiate']) t.same(parseChallenges([header]), [basic], header)
    t.same(parseChallenges(['Basic, Digest realm="r", nonce="n"']), [digest, basic])
    t.same(parseChallenges(['Digest realm="r", nonce="n", Basic']), [digest, basic])
    for (const header of ['Basics', 'NotBasic', 'Digest realm="r", nonce="n", basic="x"', 'Negotiate "Basic"', 'Digest realm="x, Basic", nonce="n"']) {
      t.notOk(parseChallenges([header]).some(({ scheme }) => scheme === 'basic'), header)
    }
  })
  t.test('is recognised as Digest, even if it is not understood', async t => {
    for (const header of ['Digest realm="r"', 'Basic realm="r", digest realm="r", algorithm=X, nonce="n"']) t.ok(asksForDigest([header]), header)
    for (const header of ['Basic realm="Digest a=b"', 'Basic', 'Negotiate', '']) t.notOk(asksForDigest([header]), header)
  })
  t.test('is the strongest of several, in one header or in many', async t => {
    const sha = 'Digest realm="r", algorithm=SHA-256, nonce="n", qop="auth-int,auth"'
    const expected: AuthChallenge[] = [{ ...digest, algorithm: 'SHA-256', qop: true }, digest, { scheme: 'basic', realm: 'r' }]
    t.same(parseChallenges([`Basic realm="r", ${sha}`, 'Digest realm="r", nonce="n"']), expected)
    t.same(parseChallenges(['Basic realm="r"', 'Digest realm="r", nonce="n"', sha]), expected)
  })
  t.test('that we cannot answer is dropped', async t => {
    t.same(parseChallenges(['Negotiate', 'Digest realm="r"', 'Digest realm="r", nonce="n", algorithm=SHA-512',
      'Digest realm="r", nonce="n", qop="auth-int"', '']), [])
  })
  t.test('survives formatting and parsing', async t => {
    const text = fc.stringMatching(/^[ -~]*$/)
    const challenges = fc.oneof(
      fc.record({ scheme: fc.constant('basic' as const), realm: text }),
      fc.record({
        scheme: fc.constant('digest' as const),
        realm: text,
        nonce: text,
        opaque: text,
        algorithm: fc.constantFrom(...digestAlgorithms),
        qop: fc.boolean(),
        stale: fc.constant(true as const)
      }))
    fc.assert(fc.property(challenges, challenge => {
      t.same(parseChallenges([formatChallenge(challenge)]), [challenge])
    }))
  })
})

t.test('a hostile challenge takes linear time', async t => {
  const units = ['a', '-', '"', '\\"', '"\\', ',', ' ', 'a ', 'a=', 'a="', '="', ',a b ', 'a b=c,', '\r']
  for (const prefix of ['', '"', 'Digest realm="r", nonce="n", ', 'Digest a="', 'Digest qop="auth']) {
    for (const unit of units) {
      const start = process.cpuUsage()
      parseChallenges([prefix + unit.repeat(16_384 / unit.length)])
      const { user } = process.cpuUsage(start)
      if (user > 100_000) t.fail(`${user} µs for ${JSON.stringify(prefix + unit)}`)
    }
  }
  fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...units, 'Digest ', 'nonce=', 'realm='), fc.string({ unit: 'binary' })), { maxLength: 20 }), parts => {
    for (const { realm } of parseChallenges([parts.join('')])) if (typeof realm !== 'string') throw new Error('no realm')
  }))
})
