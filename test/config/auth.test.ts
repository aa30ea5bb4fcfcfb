/* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { secretsOfAuth } from '../../src/config/secrets.js'
import { sessionCookieName } from '../../src/logins/sessions.js'
import { mistakesIn, parse } from './fixtures/read.js'

const HASH = '$scrypt$ln=15,r=8,p=3$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g'
const SECRET = 'correct-horse-battery-staple-0815'
const { publicKey, privateKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })

/** A file with this value of `server.auth`, and other keys of `server`, in line 1. */
const file = (auth: string, rest = '') => `server: { auth: ${auth}${rest} }\ncameras: { 1: rtsp://cam, gate: rtsp://gate }\n`
const settings = (auth: string, rest = '', env: Record<string, string> = {}) => parse(file(auth, rest), env).server.auth
const mistakes = (auth: string, rest = '', env: Record<string, string> = {}) => {
  const found = mistakesIn(file(auth, rest), env)
  t.notMatch(found, /hunter2|correct-horse/, 'no secret is shown')
  return found
}
const warnings = (auth: string, rest = '') => parse(file(auth, rest)).warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`)

t.test('server.auth', async t => {
  t.test('may be missing, none, or a map', async t => {
    t.equal(parse('cameras: { 1: rtsp://cam }').server.auth, undefined)
    t.equal(settings('none'), 'none')
    t.same(mistakes('{}'), ['1:17: server.auth: expected a map with users, jwt, links or proxy, received an empty map'], 'empty, it would keep everybody out')
    t.match(mistakes('hunter2'), [/^1:17: server\.auth: expected none or a map with users, jwt, links or proxy, received something else, which is not shown$/])
    t.match(mistakes('nonne'), [/did you mean 'none'\?$/])
    t.match(mistakes('false'), [/did you mean 'none'\?$/])
  })
  t.test('belongs below server', async t => {
    t.match(mistakesIn(`auth: none\n${file('none')}`), [/unknown key "auth"; it belongs below server:/])
    t.match(mistakesIn('server: { users: {} }\ncameras: { 1: rtsp://cam }'), [/unknown key "users"; it belongs below auth:$/])
  })
})

t.test('users', async t => {
  t.test('have a right and cameras by default', async t => {
    t.same(settings(`{ users: { anna: { password: "${HASH}", right: control, cameras: [1, gate] }, 'Łukasz K.': { password: "${HASH}" }, 7: { password: "\${H}", cameras: all, right: admin } } }`, '', { H: HASH }), {
      users: new Map([
        ['anna', { name: 'anna', password: HASH, right: 'control', cameras: new Set(['1', 'gate']) }],
        ['Łukasz K.', { name: 'Łukasz K.', password: HASH, right: 'view', cameras: 'all' }],
        ['7', { name: '7', password: HASH, right: 'admin', cameras: 'all' }]
      ])
    })
  })
  t.test('are one or more', async t => {
    t.same(mistakes('{ users: {} }'), ['1:26: server.auth.users: expected a map from name to user, received an empty map'])
    t.match(mistakes('{ users: anna }'), [/^1:26: server\.auth\.users: expected a map from name to user/])
  })
  t.test('have a printable name without a colon', async t => {
    for (const name of ['"a:hunter2"', '"a\\nb"', '"a\\u202eb"', `"${'x'.repeat(65)}"`]) {
      t.match(mistakes(`{ users: { ${name}: {} } }`), [/^1:28: server\.auth\.users: the name ".*" may hold any printable characters but a colon, at most 64 of them$/], name)
    }
    t.equal(mistakes(`{ users: { ${'x'.repeat(64)}: { password: "${HASH}" } } }`).length, 0)
  })
  t.test('have a hash instead of a password, which no message shows', async t => {
    const wanted = '1:46: server.auth.users.anna.password: this is not a hash: run camgate password, and write here what it prints'
    for (const password of ['hunter2', '""', '$scrypt$hunter2', '$2b$10$hunter2', '"${P}"']) t.same(mistakes(`{ users: { anna: { password: ${password} } } }`, '', { P: 'hunter2' }), [wanted], password)
    for (const wrong of ['{ users: { anna: hunter2 } }', '{ users: { anna: { password: [hunter2] } } }', '{ users: { anna: { pasword:hunter2 } } }', '{ users: [hunter2] }', '{ users: { anna: { cameras: all, password:hunter2 } } }']) t.equal(mistakes(wrong).length, 1, wrong)
    t.match(mistakes('{ users: { anna: { right: vew } } }'), [/expected view, control or admin, received "vew"; did you mean 'view'\?$/], 'but what is no secret is shown')
    t.match(mistakes('{ users: { a.b: { pasword: x } } }'), [/unknown key "pasword"; did you mean 'password'\?$/])
  })
  t.test('see cameras that exist', async t => {
    t.same(mistakes(`{ users: { anna: { password: "${HASH}", cameras: [1, gat, "9"] } } }`), [
      "1:151: server.auth.users.anna.cameras: there is no camera \"gat\"; did you mean 'gate'?",
      '1:156: server.auth.users.anna.cameras: there is no camera "9"; did you mean \'1\'?'
    ])
    t.match(mistakes('{ users: { anna: { cameras: [nowhere] } } }'), [/no camera "nowhere"; there are 1, gate$/])
    t.match(mistakes('{ users: { anna: { cameras: gate } } }'), [/cameras: expected all or a list of ids such as \[1, gate\], received "gate"$/])
    t.match(mistakes('{ users: { anna: { cameras: [] } } }'), [/cameras: expected all or a list of ids such as \[1, gate\], received an empty list$/])
    t.match(mistakes('{ users: { anna: { cameras: [{ a: 1 }] } } }'), [/cameras\[0\]: expected the id of a camera, received a map$/])
  })
  t.test('without a password need another way in', async t => {
    t.match(warnings('{ users: { anna: {} } }'), [/^1:34: server\.auth\.users\.anna: there is no way in without a password: run camgate password/])
    for (const way of ['links: { keys: { k1: %s } }', 'jwt: { secret: %s }', 'proxy: { header: Remote-User }']) t.same(warnings(`{ users: { anna: {} }, ${way.replace('%s', SECRET)} }`, ', trustProxy: [127.0.0.1]'), [], way)
  })
})

t.test('jwt', async t => {
  t.test('has one key, and claims with names by default', async t => {
    const claims = { name: 'sub', right: 'right', cameras: 'cameras' }
    t.same(settings('{ jwt: { secret: "${S}" } }', '', { S: SECRET }), { users: new Map(), jwt: { key: { secret: SECRET }, claims } })
    t.same(settings('{ jwt: { jwks: https://login.example.org/jwks.json, issuer: i, audience: a, cookie: __Host-jwt, claims: { right: "https://example.org/right" } } }'), {
      users: new Map(), jwt: { key: { jwks: 'https://login.example.org/jwks.json' }, issuer: 'i', audience: 'a', cookie: '__Host-jwt', claims: { ...claims, right: 'https://example.org/right' } }
    })
    t.match(settings('{ jwt: { key: "${K}" } }', '', { K: publicKey.trimEnd() }), { jwt: { key: { pem: publicKey.trimEnd() } } }, 'PEM text of several lines')
    t.match(mistakes('{ jwt: {} }'), [/^1:24: server\.auth\.jwt: one of secret, key and jwks is missing/])
    t.match(mistakes(`{ jwt: { jwks: https://x/, secret: ${SECRET} } }`), [/^1:32: server\.auth\.jwt: secret and jwks exclude each other; keep the one/])
  })
  t.test('has a secret that nobody guesses', async t => {
    t.match(mistakes('{ jwt: { secret: hunter2 } }'), [/^1:34: server\.auth\.jwt\.secret: expected a secret of at least 32 characters, such as openssl rand -hex 32 prints, received something else, which is not shown$/])
  })
  t.test('has a public key', async t => {
    for (const [pem, message] of [['hunter2', /expected a public key as PEM text .*"\$\{file:\/etc\/camgate\/jwt\.pem\}"$/], [privateKey, /this is the private key/], ['-----BEGIN PUBLIC KEY-----', /expected a public key/],
      [generateKeyPairSync('x25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).publicKey, /of the kind x25519$/]] as const) {
      const found = mistakes('{ jwt: { key: "${K}" } }', '', { K: pem })
      t.match(found, [message], pem)
      t.match(found, [/^1:31: /])
      t.notMatch(found, /MC4/)
    }
  })
  t.test('has an address without a password for the keys', async t => {
    for (const [jwks, message] of [['login.example.org', /expected an address like https:/], ['ftp://x/', /expected an address/], ['https://u:hunter2@x/', /need no password/], ['http://keycloak:8080/keys', /over http:\/\/ anybody on the way could put in a key/]] as const) t.match(mistakes(`{ jwt: { jwks: "${jwks}" } }`), [message], jwks)
  })
  t.match(mistakes(`{ jwt: { secret: ${SECRET}, cookie: "a b" } }`), [/cookie: expected a cookie's name, received "a b"$/])
  t.test('has a cookie of another name than camgate\'s own session, whatever port browsers use', async t => {
    for (const name of [sessionCookieName(5000), 'camgate_443']) {
      t.same(mistakes(`{ jwt: { secret: ${SECRET}, cookie: ${name} } }`), [`1:77: server.auth.jwt.cookie: camgate's own page keeps its session in a cookie called ${name}, and a login there would replace the token; choose another name, such as camgate_token`])
    }
    for (const name of ['camgate_token', 'camgate', 'my_camgate_443', 'camgate_443x']) t.match(settings(`{ jwt: { secret: ${SECRET}, cookie: ${name} } }`), { jwt: { cookie: name } })
  })
})

t.test('links', async t => {
  t.same(settings('{ links: { keys: { k1: "${S}", k2: "${S}2" } } }', '', { S: SECRET }), { users: new Map(), links: { keys: new Map([['k1', SECRET], ['k2', `${SECRET}2`]]) } })
  t.match(mistakes('{ links: {} }'), [/keys is missing; expected a map from the name of a key to its secret$/])
  t.match(mistakes('{ links: { keys: {} } }'), [/keys: expected a map from the name of a key to its secret, received an empty map$/])
  t.match(mistakes(`{ links: { keys: { a: ${SECRET}, b: ${SECRET}, c: ${SECRET} } } }`), [/keys: expected at most 2, received 3$/])
  t.match(mistakes('{ links: { keys: { a: hunter2 } } }'), [/keys\.a: expected a secret of at least 32 characters.*not shown$/])
  t.same(mistakes(`{ links: { keys: { k1: ${SECRET}, k2: "\${S}" } } }`, '', { S: SECRET }), [
    '1:79: server.auth.links.keys.k2: this is the secret of k1, too, so changing from one key to the other changes nothing; write a new secret, such as openssl rand -hex 32 prints'
  ], 'also if they are written in two ways')
  t.equal(mistakes('{ links: { keys: { k1: "${NOPE}", k2: "${NOPE}" } } }').length, 2, 'two that are missing are not equal')
  for (const kid of ['"a b"', 'x'.repeat(33), 'k1:']) t.match(mistakes(`{ links: { keys: { ${kid}: ${SECRET} } } }`), [/the name ".*" may hold letters, digits, - and _, at most 32 of them/], kid)
})

t.test('proxy', async t => {
  t.same(settings('{ proxy: { header: X-Forwarded-User } }', ', trustProxy: [172.18.0.2, 10.0.0.0/8]'), { users: new Map(), proxy: { header: 'x-forwarded-user', right: 'view', cameras: 'all' } })
  t.match(settings('{ proxy: { header: Remote-User, right: admin, cameras: [gate] } }', ', trustProxy: [127.0.0.1]'), { proxy: { right: 'admin', cameras: new Set(['gate']) } })
  t.match(mistakes('{ proxy: { header: Remote-User } }'), [/^1:26: server\.auth\.proxy: anybody could send this header; name the addresses of the proxy in server: \{ trustProxy: \[…\] \}$/])
  t.match(mistakes('{ proxy: {} }', ', trustProxy: [127.0.0.1]'), [/header is missing; expected the name of a header such as X-Forwarded-User$/])
  t.match(mistakes('{ proxy: { header: "a: b" } }', ', trustProxy: [127.0.0.1]'), [/header: expected the name of a header/])
  t.match(mistakes('{ proxy: { header: Remote-User, cameras: [yard] } }', ', trustProxy: [127.0.0.1]'), [/^1:59: server\.auth\.proxy\.cameras: there is no camera "yard"/])
})

t.test('the secrets of auth are known', async t => {
  const auth = settings(`{ users: { anna: { password: "${HASH}" }, bob: {} }, jwt: { secret: ${SECRET} }, links: { keys: { k1: ${SECRET}1, k2: ${SECRET}2 } } }`)
  if (typeof auth !== 'object') throw new Error('no auth')
  t.same(secretsOfAuth(auth), [HASH, SECRET, `${SECRET}1`, `${SECRET}2`])
  t.same(secretsOfAuth({ users: new Map(), jwt: { key: { pem: publicKey }, claims: { name: 'sub', right: 'right', cameras: 'cameras' } } }), [])
})
