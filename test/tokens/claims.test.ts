import t from 'tap'
import type { UserSettings } from '../../src/access/settings.js'
import { principalOf } from '../../src/tokens/claims.js'
import { NOW_S, SECRET, standard } from './tokens.js'

const users = new Map<string, UserSettings>([['anna', { name: 'anna', right: 'admin', cameras: new Set(['yard']) }], ['root', { name: 'root', right: 'admin', cameras: 'all' }]])
const read = (payload: object) => principalOf({ sub: 'ben', exp: NOW_S + 60, ...payload }, { key: { secret: SECRET }, ...standard }, users, NOW_S * 1_000)
const refused = (why: RegExp) => ({ code: 'BAD_CREDENTIALS', message: why })

t.test('the name', async t => {
  t.equal(read({ sub: 'Änne B.' }).name, 'Änne B.')
  t.equal(read({ sub: 17 }).name, '17', 'the id of a user in a database')
  for (const sub of [undefined, null, '', true, {}, ['anna'], 'a\nb', 'a\u202eb', 'x'.repeat(129)]) t.throws(() => read({ sub }), refused(/its claim sub is not the name of somebody/), JSON.stringify(sub))
})

t.test('the right', async t => {
  for (const [right, expected] of [
    [undefined, 'view'], ['view', 'view'], ['control', 'control'], ['admin', 'admin'], ['openid control email', 'control'], [['offline_access', 'view', 'admin'], 'admin']
  ] as const) t.equal(read({ right }).right, expected, JSON.stringify(right))
  for (const right of ['none', '', 'Admin', 'administrator', 'view,admin', [], ['accounting'], null, 3, { admin: true }, [['admin']]]) {
    t.throws(() => read({ right }), refused(/its claim right names none of view, control, admin/), JSON.stringify(right))
  }
  t.equal(read({ sub: 'anna' }).right, 'view', 'never that of a user: a site may let visitors choose their names')
})

t.test('the cameras', async t => {
  for (const [cameras, expected] of [
    ['all', 'all'], [['gate', 'barn'], ['gate', 'barn']], [[1, '2'], ['1', '2']], ['gate barn', ['gate', 'barn']], [7, ['7']], ['', []], [[], []], [['all'], ['all']], ['all gate', ['all', 'gate']]
  ] as const) t.strictSame(read({ cameras }).cameras, typeof expected === 'string' ? expected : new Set(expected), JSON.stringify(cameras))
  for (const cameras of [null, true, {}, [['gate']], [{}], ['gate', null]]) t.throws(() => read({ cameras }), refused(/its claim cameras is neither "all" nor a list of cameras/), JSON.stringify(cameras))
})

t.test('the cameras of a token that names none are those of the user of its name', async t => {
  t.strictSame(read({}).cameras, new Set(), 'nobody has this name')
  t.strictSame(read({ sub: 'anna' }).cameras, new Set(['yard']))
  t.strictSame(read({ sub: 'root' }).cameras, 'all')
  t.strictSame(read({ sub: 'root', cameras: [] }).cameras, new Set(), 'the token says it')
})

t.test('the times', async t => {
  t.equal(read({}).issuedAt, 0, 'any revocation reaches a token that does not say when it was issued')
  t.match(read({ iat: NOW_S - 0.5 }), { issuedAt: NOW_S * 1_000 - 500, until: (NOW_S + 60) * 1_000 })
})
