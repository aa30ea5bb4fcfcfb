import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { signLink, verifyLink, type Query } from '../../src/access/link.js'
import type { UserSettings } from '../../src/access/settings.js'
import { Logins } from '../../src/logins/logins.js'
import { verifyPassword } from '../../src/logins/password.js'
import { Sessions } from '../../src/logins/sessions.js'
import { TokenVerifier } from '../../src/tokens/token-verifier.js'
import { FakeClock } from '../fake-clock.js'
import { basicAuth, passwordHash } from '../passwords.js'

/** Collects the arguments of each call of one of Node's functions until the test ends. */
function calls (t: Test, name: 'timingSafeEqual' | 'scrypt' | 'hash'): unknown[][] {
  const seen: unknown[][] = []
  const real = crypto[name] as (...args: unknown[]) => unknown
  const put = (method: unknown) => {
    Object.assign(crypto, { [name]: method })
    syncBuiltinESMExports()
  }
  put((...args: unknown[]) => {
    seen.push(args)
    return real(...args)
  })
  t.teardown(() => put(real))
  return seen
}

const lengths = (compared: unknown[][]) => compared.map(buffers => buffers.map(buffer => (buffer as Buffer).length))
const changed = (text: string, at: number) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`

// By structure, not by measuring, which on a busy machine proves nothing: whatever is wrong with a proof, the same function compares the same number of bytes.
t.test('timing of comparisons: the answer to a wrong proof does not depend on where it is wrong', async t => {
  t.test('a link\'s signature', async t => {
    const [now, key] = [1_700_000_000, 'k'.repeat(32)]
    const link = new URL(signLink('/camera/1', { kid: 'k1', sub: 'anna', iat: now, exp: now + 60 }, key), 'http://x')
    const query = (changes: Record<string, string> = {}): Query => Object.entries({ ...Object.fromEntries(link.searchParams), ...changes })
    const sig = link.searchParams.get('sig')!
    const compared = calls(t, 'timingSafeEqual')
    const verdict = (changes?: Record<string, string>) => verifyLink('/camera/1', query(changes), new Map([['k1', key]]), now * 1_000).kind
    t.equal(verdict(), 'good')
    for (const wrong of [changed(sig, 1), changed(sig, 31), changed(sig, 41), sig.slice(1), `${sig}A`, 'A', 'ä'.repeat(43)]) t.equal(verdict({ sig: wrong }), 'wrong-signature')
    t.equal(verdict({ kid: 'k9' }), 'unknown-key', 'after the same work')
    t.same(lengths(compared), Array(9).fill([43, 43]))
  })

  t.test('a password', async t => {
    const compared = calls(t, 'timingSafeEqual')
    for (const password of ['correct horse', 'correct horsf', 'x', '']) t.equal(await verifyPassword(password, passwordHash), password === 'correct horse')
    t.same(lengths(compared), Array(4).fill([32, 32]))
  })

  t.test('a user who does not exist, whatever the hashes of the others cost', async t => {
    const dear = passwordHash.replace('ln=10', 'ln=12')
    const user = (name: string, password: string): UserSettings => ({ name, password, right: 'view', cameras: 'all' })
    const logins = new Logins(new Map([user('anna', passwordHash), user('ben', dear)].map(user => [user.name, user])), new FakeClock(), () => {})
    const derived = calls(t, 'scrypt')
    const costOf = async (name: string, address: string) => {
      await t.rejects(logins.check(basicAuth(name, 'wrong'), address), { code: 'BAD_CREDENTIALS' })
      return (derived.at(-1)![3] as { N: number }).N
    }
    t.same([await costOf('anna', '10.0.0.1'), await costOf('ben', '10.0.0.1')], [2 ** 10, 2 ** 12])
    const costs: number[] = []
    for (let n = 0; n < 40; n++) costs.push(await costOf(`nobody ${n}`, `10.0.1.${n}`))
    t.same([...new Set(costs)].sort((a, b) => a - b), [2 ** 10, 2 ** 12], 'as for one of the users')
    for (let n = 0; n < 5; n++) t.equal(await costOf('nobody 1', `10.0.2.${n}`), costs[1], 'and always the same one for a name')
    t.equal(derived.length, 47)
  })

  t.test('a session, which is found by its hash', async t => {
    const sessions = new Sessions(new FakeClock())
    const token = sessions.open({ name: 'anna', right: 'view', cameras: 'all' })
    const hashed = calls(t, 'hash')
    const wrong = [changed(token, 1), changed(token, 31), token.slice(1), '']
    for (const each of wrong) t.equal(sessions.find(each), undefined)
    t.same(hashed, wrong.map(each => ['sha256', each, 'base64']))
  })

  t.test('a token, by Web Crypto', async t => {
    const clock = new FakeClock()
    const secret = 's'.repeat(32)
    const verifier = new TokenVerifier({ settings: { key: { secret }, claims: { name: 'sub', right: 'right', cameras: 'cameras' } }, users: new Map(), clock, warn () {} })
    const token = await new SignJWT({ sub: 'anna' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(clock.wall() / 1_000 + 60).sign(Buffer.from(secret))
    const verified = t.capture(globalThis.crypto.subtle, 'verify', globalThis.crypto.subtle.verify.bind(globalThis.crypto.subtle))
    const start = token.lastIndexOf('.') + 1
    for (const at of [1, 31]) await t.rejects(verifier.verify(changed(token, start + at)), { code: 'BAD_CREDENTIALS' })
    t.equal(verified().length, 2)
  })
})
