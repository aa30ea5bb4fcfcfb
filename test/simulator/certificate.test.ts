import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { selfSigned } from '../../src/simulator/certificate.js'

t.test('a self-signed certificate is valid X.509', async t => {
  const { cert, key } = selfSigned('camgate simulator', new Date('2026-01-02T03:04:05Z'))
  const read = new X509Certificate(cert)
  t.equal(read.subject, 'CN=camgate simulator')
  t.equal(read.issuer, read.subject)
  t.equal(new Date(read.validFrom).toISOString(), '2026-01-02T03:04:05.000Z')
  t.equal(new Date(read.validTo).toISOString(), '2036-01-02T03:04:05.000Z')
  t.ok(read.verify(read.publicKey))
  t.match(key, /^-----BEGIN PRIVATE KEY-----\n/)
})
