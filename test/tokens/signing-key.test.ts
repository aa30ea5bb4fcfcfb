import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { signingKey } from '../../src/tokens/signing-key.js'
import { ec, ed, pemOf, rsa, SECRET } from './tokens.js'

const wrong = (message: RegExp) => ({ code: 'CONFIG', message })

t.test('the kind of key decides which algorithms are taken', async t => {
  t.same(signingKey({ secret: SECRET }).algorithms, ['HS256'])
  t.same(signingKey({ pem: pemOf(rsa.publicKey) }).algorithms, ['RS256'])
  t.same(signingKey({ pem: pemOf(ec.publicKey) }).algorithms, ['ES256'])
  t.same(signingKey({ pem: pemOf(ed.publicKey) }).algorithms, ['EdDSA', 'Ed25519'])
  t.notOk(signingKey({ jwks: 'https://login.example.org/jwks.json' }).algorithms.some(name => name.startsWith('HS') || name === 'none'))
})

t.test('a secret has at least 32 bytes', async t => {
  t.throws(() => signingKey({ secret: 'hunter2'.padEnd(31, 'x') }), wrong(/secret: expected at least 32 bytes, received 31;/))
  t.notMatch(String(t.throws(() => signingKey({ secret: 'hunter2' }))), 'hunter2')
  t.ok(signingKey({ secret: 'ä'.repeat(16) }))
})

t.test('a PEM key is public, and strong enough', async t => {
  for (const { privateKey } of [rsa, ec, ed]) {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const error = String(t.throws(() => signingKey({ pem }), wrong(/key: this is the private key/)))
    t.notMatch(error, pem.split('\n')[1]!)
  }
  const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 })
  t.throws(() => signingKey({ pem: pemOf(weak.publicKey) }), wrong(/at least 2048 bits; this one has 1024/))
  t.throws(() => signingKey({ pem: pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey) }), wrong(/takes the curve P-256; this key has secp384r1/))
  t.throws(() => signingKey({ pem: pemOf(generateKeyPairSync('x25519').publicKey) }), wrong(/expected a key for RS256, ES256 or EdDSA, received one of the kind x25519/))
  for (const pem of ['', 'hunter2', '-----BEGIN PUBLIC KEY-----\nhunter2\n-----END PUBLIC KEY-----', SECRET]) t.throws(() => signingKey({ pem }), wrong(/expected a public key as PEM text/))
})

t.test('key sets come by https, or from this machine', async t => {
  for (const jwks of ['https://login.example.org/jwks.json', 'http://127.0.0.1:8080/keys', 'http://[::1]/keys', 'http://localhost/keys']) t.ok(signingKey({ jwks }), jwks)
  for (const jwks of ['http://login.example.org/keys', 'http://127.0.0.1.example.org/', 'http://192.168.1.5/keys', 'http://keycloak:8080/']) t.throws(() => signingKey({ jwks }), wrong(/put in a key of their own; write https/), jwks)
  for (const jwks of ['', 'login.example.org', 'file:///etc/keys', 'data:application/json,{}']) t.throws(() => signingKey({ jwks }), wrong(/expected an address like https/), jwks)
  t.throws(() => signingKey({ jwks: 'https://anna:hunter2@login.example.org/' }), wrong(/need no password/))
})
