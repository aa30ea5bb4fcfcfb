import t from 'tap'
import type { AuthSettings } from '../../src/access/settings.js'
import { proxiedUser } from '../../src/access/proxied-user.js'

const settings: Required<Pick<AuthSettings, 'users' | 'proxy'>> = {
  users: new Map([['anna', { name: 'anna', right: 'control', cameras: new Set(['1']) }]]),
  proxy: { header: 'Remote-User', right: 'view', cameras: new Set(['2']) }
}

t.test('a user of cameras.yaml has their own right and cameras', async t => {
  t.same(proxiedUser(['anna'], settings, 7), { kind: 'proxy', name: 'anna', right: 'control', cameras: new Set(['1']), issuedAt: 7 })
})

t.test('anybody else has what the proxy\'s settings say', async t => {
  for (const name of ['ben', 'Anna', 'anna.b@example.org', 'DOMAIN\\anna', 'auth0|5f7c8ec7c33c6c004bbafe82', "O'Neil", 'Anna B', '__proto__', 'cn=anna', 'x'.repeat(128)]) {
    t.same(proxiedUser([name], settings, 0), { kind: 'proxy', name, right: 'view', cameras: new Set(['2']), issuedAt: 0 })
  }
})

t.test('a header that names nobody, or not just one, is refused', async t => {
  for (const [values, fault] of [
    [['anna', 'ben'], 'more than once'],
    [['anna', 'anna'], 'more than once'],
    [['', 'anna'], 'more than once'],
    [[''], 'without a name'],
    [['anna, ben'], 'with something that is not a name'],
    [['{http.reverse_proxy.header.X-Forwarded-User}'], 'with something that is not a name'],
    [[' '], 'with something that is not a name'],
    [['anna\x00'], 'with something that is not a name'],
    [['anna\x7f'], 'with something that is not a name'],
    [['J\xc3\xb6rg'], 'with something that is not a name'],
    [['J\xf6rg'], 'with something that is not a name'],
    [['<script>'], 'with something that is not a name'],
    [['"anna"'], 'with something that is not a name'],
    [['x'.repeat(129)], 'with something that is not a name']
  ] as const) {
    t.throws(() => proxiedUser(values, settings, 0), { code: 'BAD_CREDENTIALS', message: `The proxy in front of camgate sends the header Remote-User ${fault}:` }, JSON.stringify(values).slice(0, 60))
  }
})
