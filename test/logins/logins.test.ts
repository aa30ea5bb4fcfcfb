import t from 'tap'
import { Logins } from '../../src/logins/logins.js'
import type { verifyPassword } from '../../src/logins/password.js'
import type { UserSettings } from '../../src/access/settings.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'
import { basicAuth, passwordHash } from '../passwords.js'

const anna: UserSettings = { name: 'anna', password: passwordHash, right: 'view', cameras: 'all' }
const proxied: UserSettings = { name: 'proxied', right: 'view', cameras: 'all' }
const HERE = '10.0.0.1'

function setUp (verify?: typeof verifyPassword) {
  const clock = new FakeClock()
  const lines: string[] = []
  const checked: string[] = []
  const logins = new Logins(new Map([anna, proxied].map(user => [user.name, user])), clock, line => lines.push(line), undefined, verify ?? (async (password, hash) => {
    checked.push(hash)
    return password === 'correct horse' && hash === passwordHash
  }))
  return { clock, lines, checked, logins }
}

t.test('a login', async t => {
  t.test('takes the real hash', async t => {
    const logins = new Logins(new Map([['anna', anna]]), new FakeClock(), () => {})
    t.equal(await logins.check(basicAuth('anna', 'correct horse'), HERE), anna)
    await t.rejects(logins.check(basicAuth('anna', 'correct horsf'), HERE), { code: 'BAD_CREDENTIALS' })
  })
  t.test('costs one check in a minute', async t => {
    const { logins, checked, clock } = setUp()
    for (let i = 0; i < 100; i++) t.equal(await logins.check(basicAuth('anna', 'correct horse'), HERE), anna)
    t.equal(checked.length, 1)
    clock.advance(60_000)
    await logins.check(basicAuth('anna', 'correct horse'), HERE)
    t.equal(checked.length, 2)
  })
  t.test('costs one check, however its header is spelled', async t => {
    const { logins, checked } = setUp()
    const header = basicAuth('anna', 'correct horse')
    const spellings = [header, header.replace('Basic', 'bAsIc'), ...Array.from({ length: 50 }, (_, i) => header.replace(' ', ' '.repeat(i + 2)))]
    for (const spelling of spellings) t.equal(await logins.check(spelling, HERE), anna)
    t.equal(checked.length, 1)
  })
  t.test('is refused alike for a wrong password, an unknown user and one without a password', async t => {
    const { logins, checked } = setUp()
    const refused = { code: 'BAD_CREDENTIALS', message: 'The user or the password is wrong.' }
    await t.rejects(logins.check(basicAuth('anna', 'x'), HERE), refused)
    await t.rejects(logins.check(basicAuth('nobody', 'x'), HERE), refused)
    await t.rejects(logins.check(basicAuth('__proto__', 'x'), HERE), refused)
    await t.rejects(logins.check(basicAuth('proxied', 'x'), HERE), refused)
    t.equal(checked.length, 4, 'each is checked against a hash')
    for (const hash of checked) t.match(hash, /^\$scrypt\$ln=10,r=1,p=1\$/, 'at the same cost')
  })
  t.test('of a user without a password is refused even if the decoy matched', async t => {
    const { logins } = setUp(async () => true)
    await t.rejects(logins.check(basicAuth('proxied', 'x'), HERE), { code: 'BAD_CREDENTIALS' })
    await t.rejects(logins.check(basicAuth('nobody', 'x'), HERE), { code: 'BAD_CREDENTIALS' })
  })
})

t.test('wrong passwords', async t => {
  t.test('slow an address down, and are reported without names', async t => {
    const { logins, clock, lines, checked } = setUp()
    for (let i = 0; i < 6; i++) await t.rejects(logins.check(basicAuth('anna', `guess ${i}`), HERE), { code: 'BAD_CREDENTIALS' })
    await t.rejects(logins.check(basicAuth('anna', 'correct horse'), HERE), { code: 'TOO_MANY_TRIES', retryAfterSeconds: 1 })
    t.equal(checked.length, 6)
    t.equal(await logins.check(basicAuth('anna', 'correct horse'), '10.0.0.2'), anna)
    clock.advance(60_000)
    t.same(lines, ['1 wrong password from 10.0.0.1', '5 wrong passwords from 10.0.0.1'])
  })
  t.test('that a program repeats are one', async t => {
    const { logins, checked, lines, clock } = setUp()
    for (let minute = 0; minute < 14; minute++) {
      for (let i = 0; i < 20; i++) await t.rejects(logins.check(basicAuth('anna', 'old password'), HERE), { code: 'BAD_CREDENTIALS' })
      clock.advance(60_000)
    }
    t.equal(checked.length, 1)
    t.same(lines, ['1 wrong password from 10.0.0.1'])
    t.equal(await logins.check(basicAuth('anna', 'correct horse'), HERE), anna, 'nobody else at this address waits')
  })
  t.test('that come at once are each checked once', async t => {
    const { logins, checked } = setUp()
    await Promise.all(Array.from({ length: 30 }, () => t.rejects(logins.check(basicAuth('anna', 'old password'), HERE), { code: 'BAD_CREDENTIALS' })))
    t.equal(checked.length, 1)
  })
})

t.test('the password of somebody who is slowed down is not checked, not even one that was right a moment ago', async t => {
  const { logins } = setUp()
  await logins.check(basicAuth('anna', 'correct horse'), HERE)
  for (let i = 0; i < 6; i++) await t.rejects(logins.check(basicAuth('anna', `guess ${i}`), HERE), { code: 'BAD_CREDENTIALS' })
  await t.rejects(logins.check(basicAuth('anna', 'correct horse'), HERE), { code: 'TOO_MANY_TRIES' }, 'otherwise guesses would go on at full speed')
})

t.test('who has logged in from an address before does not wait for guesses from everywhere', async t => {
  const finish: Array<() => void> = []
  const { logins, clock } = setUp(async password => {
    if (password !== 'correct horse') await new Promise<void>(resolve => finish.push(resolve))
    return password === 'correct horse'
  })
  await logins.check(basicAuth('anna', 'correct horse'), HERE)
  clock.advance(60_000)
  const guesses = Array.from({ length: 100 }, (_, i) => logins.check(basicAuth('anna', 'guess'), `10.1.0.${i}`).catch(error => error.code as string))
  await turn()
  t.equal(finish.length, 2, 'two are checked, the others wait')
  const owner = logins.check(basicAuth('anna', 'correct horse'), HERE)
  await t.rejects(logins.check(basicAuth('anna', 'correct horse'), '10.0.0.2'), { code: 'TOO_MANY_TRIES' }, 'at another address it may be a guess')
  finish.shift()?.()
  t.equal(await owner, anna)
  t.equal(finish.length, 2, 'before any other')
  for (let i = 0; i < 100; i++) {
    finish.shift()?.()
    await turn()
  }
  t.equal((await Promise.all(guesses)).filter(code => code === 'TOO_MANY_TRIES').length, 66)
})

t.test('at most two checks run at once, and few wait', async t => {
  let [running, most] = [0, 0]
  const finish: Array<() => void> = []
  const { logins } = setUp(async () => {
    most = Math.max(most, ++running)
    await new Promise<void>(resolve => finish.push(resolve))
    running--
    return true
  })
  const asked = Array.from({ length: 40 }, (_, i) => logins.check(basicAuth('anna', 'x'), `10.0.0.${i}`).then(() => 'in', error => error.code as string))
  const all = Promise.all(asked)
  for (let i = 0; i < 100; i++) {
    finish.shift()?.()
    await turn()
  }
  const ends = await all
  t.equal(most, 2)
  t.equal(ends.filter(end => end === 'in').length, 34)
  t.equal(ends.filter(end => end === 'TOO_MANY_TRIES').length, 6)
})
