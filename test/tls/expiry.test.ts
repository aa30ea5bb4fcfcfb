import t from 'tap'
import { expiryOf, expirySentence } from '../../src/tls/expiry.js'

t.test('a certificate near its end', async t => {
  const certificate = { validFrom: 'Jan  1 00:00:00 2026 GMT', validTo: 'Jun 30 12:00:00 2026 GMT' }
  for (const [now, expiry, sentence] of [
    ['2025-12-31T23:59', 'early', "The certificate c.pem is valid from 2026-01-01, and today is 2025-12-31: browsers refuse it. Is this machine's clock right?"],
    ['2026-01-01T00:00', 'good', undefined],
    ['2026-05-31T11:59', 'good', undefined],
    ['2026-05-31T12:00', 'month', 'The certificate c.pem expires in 30 days, on 2026-06-30. Renew it.'],
    ['2026-06-23T12:00', 'week', 'The certificate c.pem expires in 7 days, on 2026-06-30. Renew it.'],
    ['2026-06-30T11:59', 'week', 'The certificate c.pem expires in a day, on 2026-06-30. Renew it.'],
    ['2026-06-30T12:00', 'expired', 'The certificate c.pem has expired on 2026-06-30: browsers refuse it. Renew it.']
  ] as const) {
    const at = Date.parse(`${now}Z`)
    t.equal(expiryOf(certificate, at), expiry, now)
    t.equal(expirySentence(certificate, at, 'c.pem'), sentence, now)
  }
})
