import t from 'tap'
import type { UserSettings } from '../../src/access/settings.js'
import { VerifiedPasswords } from '../../src/logins/verified-passwords.js'
import { FakeClock } from '../fake-clock.js'

const anna: UserSettings = { name: 'anna', right: 'view', cameras: 'all' }

t.test('a password that was right', async t => {
  t.test('is not checked again for a minute', async t => {
    const clock = new FakeClock()
    const verified = new VerifiedPasswords(clock)
    let checks = 0
    const ask = () => verified.verify([verified.proofOf('anna', 'secret')], async () => {
      checks++
      return anna
    })
    t.equal(await ask(), anna)
    clock.advance(59_999)
    t.equal(await ask(), anna)
    t.equal(checks, 1)
    clock.advance(1)
    t.equal(await ask(), anna)
    t.equal(checks, 2, 'a use does not prolong it: a removed user is out after a minute')
  })
  t.test('is found by every proof that it was sent with', async t => {
    const verified = new VerifiedPasswords(new FakeClock())
    await verified.verify(['password', 'header'], async () => anna)
    t.equal(verified.get('password'), anna)
    t.equal(verified.get('header'), anna)
  })
  t.test('is checked once for all who send it at the same time', async t => {
    const verified = new VerifiedPasswords(new FakeClock())
    let checks = 0
    const ask = () => verified.verify([verified.proofOf('anna', 'secret')], async () => {
      checks++
      return anna
    })
    t.same(await Promise.all([ask(), ask(), ask()]), [anna, anna, anna])
    t.equal(checks, 1)
  })
})

t.test('a password that was wrong, or not checked, is checked again', async t => {
  const verified = new VerifiedPasswords(new FakeClock())
  t.equal(await verified.verify(['proof'], async () => undefined), undefined)
  await t.rejects(verified.verify(['proof'], async () => { throw new Error('busy') }), /busy/)
  t.equal(await verified.verify(['proof'], async () => anna), anna)
})

t.test('a proof belongs to one list of parts, and to one process', async t => {
  const verified = new VerifiedPasswords(new FakeClock())
  t.equal(verified.proofOf('anna', 'secret'), verified.proofOf('anna', 'secret'))
  for (const parts of [['anna', 'Secret'], ['annas', 'ecret'], ['anna', 'sec', 'ret'], ['annasecret'], ['anna6 secret']]) {
    t.not(verified.proofOf(...parts), verified.proofOf('anna', 'secret'), parts.join())
  }
  t.not(new VerifiedPasswords(new FakeClock()).proofOf('anna', 'secret'), verified.proofOf('anna', 'secret'))
})
