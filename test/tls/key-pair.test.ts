import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { dnsNamesOf, fingerprintOf, keyPair } from '../../src/tls/key-pair.js'
import { certificate, folderOf, names } from './certificates.js'

t.test('a key and its certificate', async t => {
  const ca = await certificate({ name: 'Test CA' })
  const own = await certificate({ ca })
  const other = await certificate({ name: 'other.example.org' })
  const refusal = (key: string, cert: string) => {
    try {
      keyPair(key, cert, names)
    } catch (error) {
      t.equal((error as { code: string }).code, 'TLS')
      return (error as Error).message
    }
    return 'taken'
  }

  t.test('are taken with the certificates of their authorities', async t => {
    const pair = keyPair(own.key, `text that openssl writes\r\n${own.cert}${ca.cert}`, names)
    t.equal(pair.key, own.key.trim())
    t.equal(pair.cert, own.cert + ca.cert)
    t.match(pair.certificate.subjectAltName, /cams\.example\.org/)
  })
  t.test('are for names', async t => {
    const namesOf = async (name: string) => {
      const { key, cert } = await certificate({ name })
      return dnsNamesOf(keyPair(key, cert, names))
    }
    t.same(await namesOf('cams.example.org'), ['cams.example.org'])
    t.same(await namesOf('*.example.org'), [], 'a wildcard is none')
    t.same(dnsNamesOf({ certificate: { subjectAltName: 'DNS:a.example, DNS:"b.example, DNS:evil.example", IP Address:127.0.0.1, DNS:c.example' } as never }), ['a.example', 'c.example'])
    t.same(dnsNamesOf({ certificate: {} as never }), [])
  })
  t.test('may be in one file', async t => {
    t.same(keyPair(own.cert + own.key, own.cert + own.key, names), keyPair(own.key, own.cert, names))
  })
  t.test('have the fingerprint that openssl shows', async t => {
    const file = join(folderOf(t), 'cert.pem')
    writeFileSync(file, own.cert)
    t.equal(`sha256 Fingerprint=${fingerprintOf(keyPair(own.key, own.cert, names))}\n`, String(execFileSync('openssl', ['x509', '-in', file, '-noout', '-fingerprint', '-sha256'])))
  })
  t.test('are refused in words if they do not belong together', async t => {
    t.equal(refusal(other.key, own.cert + ca.cert), 'The key in key.pem does not belong to the certificate in cert.pem, which is for DNS:cams.example.org, IP Address:127.0.0.1. Use the key that the certificate was requested with.')
    t.equal(refusal(own.key, ca.cert + own.cert), "The certificates in cert.pem are in the wrong order: the server's own comes first, then the one that it was signed with, and so on.")
    t.equal(refusal(own.cert, own.key), 'There is no certificate in cert.pem, but a private key. Are key and cert the wrong way round?')
    t.equal(refusal(own.cert, own.cert), 'There is no private key in key.pem, but a certificate. Are key and cert the wrong way round?')
  })
  t.test('are refused in words if they cannot be read', async t => {
    const encrypted = await certificate({ passphrase: 'secret' })
    const legacy = '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0F\n\nAAAA\n-----END RSA PRIVATE KEY-----\n'
    for (const key of [encrypted.key, legacy]) t.match(refusal(key, own.cert), 'The key in key.pem is encrypted, and camgate has nobody to ask for its passphrase. Write it without: openssl pkey -in key.pem -out FILE.')
    t.match(refusal(own.key, '\x30\x82\x01'), 'There is no certificate in cert.pem. camgate reads PEM, text that begins with -----BEGIN; from DER, this makes it: openssl x509 ')
    t.match(refusal('', own.cert), 'There is no private key in key.pem. ')
    t.match(refusal('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', own.cert), /^The key in key\.pem cannot be read: .+\.$/)
    t.match(refusal(own.key, own.cert + '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'), /^A certificate in cert\.pem cannot be read: .+\.$/)
    t.notMatch(refusal(encrypted.key, own.cert), encrypted.key.split('\n')[1], 'no message shows a key')
  })
})
