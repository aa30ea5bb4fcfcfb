import t from 'tap'
import { anyone, type Principal } from '../../src/access/principal.js'
import { Revocations } from '../../src/access/revocations.js'

const anna: Principal = { kind: 'user', name: 'anna', right: 'view', cameras: 'all', issuedAt: 1_000 }

t.test('a revocation', async t => {
  t.test('refuses what was issued before, of this name', async t => {
    const revocations = new Revocations()
    t.equal(revocations.verdict(anna, 5_000), undefined)
    revocations.revoke('anna', 1_000)
    t.equal(revocations.verdict(anna, 5_000), 'revoked')
    t.equal(revocations.verdict({ ...anna, issuedAt: 1_001 }, 5_000), undefined)
    t.equal(revocations.verdict({ ...anna, name: 'ben' }, 5_000), undefined)
  })
  t.test('of everybody spares only those who need no proof', async t => {
    const revocations = new Revocations()
    revocations.revoke(undefined, 2_000)
    t.equal(revocations.verdict({ ...anna, name: 'ben' }, 5_000), 'revoked')
    t.equal(revocations.verdict(anyone('admin'), 5_000), undefined)
    revocations.revoke('ben', 1_000)
    t.equal(revocations.verdict({ ...anna, name: 'ben' }, 5_000), 'revoked', 'an earlier one changes nothing')
  })
  t.test('is not needed for what ends by itself', async t => {
    t.equal(new Revocations().verdict({ ...anna, until: 5_000 }, 4_999), undefined)
    t.equal(new Revocations().verdict({ ...anna, until: 5_000 }, 5_000), 'expired')
  })
})
