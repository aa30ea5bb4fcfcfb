import t from 'tap'
import { accessChange } from '../../src/access/access-change.js'
import type { Principal } from '../../src/access/principal.js'
import type { AuthSettings, UserSettings } from '../../src/access/settings.js'

const user = (name: string, more: Partial<UserSettings> = {}): [string, UserSettings] => [name, { name, password: `hash of ${name}`, right: 'view', cameras: 'all', ...more }]
const auth = (users: Array<[string, UserSettings]>, more: Partial<AuthSettings> = {}): AuthSettings => ({ users: new Map(users), ...more })
const principal = (name: string, kind: Principal['kind'] = 'user'): Principal => ({ kind, name, right: 'view', cameras: 'all', issuedAt: 0 })
const before = auth([user('anna'), user('ben', { cameras: new Set(['1']) })], { links: { keys: new Map([['k1', 'one']]) }, proxy: { header: 'x-user', right: 'view', cameras: 'all' } })

t.test('a change of who may come in', async t => {
  t.test('concerns nobody if it only adds somebody', async t => {
    const { endedNames, hasChanged } = accessChange(before, { ...before, users: new Map([...before.users, user('zoe')]) })
    t.same(endedNames, [])
    t.notOk(hasChanged(principal('anna')))
    t.ok(hasChanged(principal('zoe', 'token')), 'but whoever had that name in a token')
  })
  t.test('ends what proved somebody who is gone, or has another password', async t => {
    t.same(accessChange(before, auth([user('anna')])).endedNames, ['ben'])
    t.same(accessChange(before, auth([user('anna', { password: 'another' }), user('ben')])).endedNames, ['anna'])
    t.same(accessChange(auth([['zoe', { name: 'zoe', right: 'view', cameras: 'all' }]]), auth([user('zoe')])).endedNames, [], 'a first password ends nothing')
  })
  t.test('asks whoever has another right or other cameras to come again', async t => {
    for (const changed of [user('ben', { cameras: new Set(['2']) }), user('ben', { cameras: 'all' }), user('ben', { cameras: new Set(['1']), right: 'admin' })]) {
      const { endedNames, hasChanged } = accessChange(before, { ...before, users: new Map([user('anna'), changed]) })
      t.same(endedNames, [])
      t.same(['anna', 'ben'].map(name => hasChanged(principal(name))), [false, true])
    }
    t.notOk(accessChange(before, { ...before, users: new Map([user('anna'), user('ben', { cameras: new Set(['1']) })]) }).hasChanged(principal('ben')), 'not for an equal list')
  })
  t.test('asks everybody who came by a way that has changed', async t => {
    const links = accessChange(before, { ...before, links: { keys: new Map([['k2', 'two']]) } }).hasChanged
    t.same([links(principal('anna', 'link')), links(principal('anna'))], [true, false])
    const { proxy: _, ...withoutProxy } = before
    t.ok(accessChange(before, withoutProxy).hasChanged(principal('guest', 'proxy')))
    t.ok(accessChange(before, { ...before, jwt: { key: { secret: 's' }, claims: { name: 'sub', right: 'right', cameras: 'cameras' } } }).hasChanged(principal('robot', 'token')))
  })
  t.test('asks everybody where there was no login, and nobody where there is none any more', async t => {
    t.ok(accessChange('none', before).hasChanged(principal('anyone', 'anyone')))
    t.ok(accessChange(undefined, before).hasChanged(principal('anyone', 'anyone')))
    t.notOk(accessChange(before, 'none').hasChanged(principal('anna')))
  })
})
