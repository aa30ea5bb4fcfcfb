import type { X509Certificate } from 'node:crypto'

const DAY_MS = 24 * 3_600_000

export type Expiry = 'good' | 'early' | 'month' | 'week' | 'expired'

/** How near its end a certificate is; `early` means that it is not valid yet. `now` is in milliseconds since 1970. */
export function expiryOf ({ validFrom, validTo }: Pick<X509Certificate, 'validFrom' | 'validTo'>, now: number): Expiry {
  const left = Date.parse(validTo) - now
  if (left <= 0) return 'expired'
  if (now < Date.parse(validFrom)) return 'early'
  return left <= 7 * DAY_MS ? 'week' : left <= 30 * DAY_MS ? 'month' : 'good'
}

/** What the log says about it; undefined if all is well. */
export function expirySentence (certificate: Pick<X509Certificate, 'validFrom' | 'validTo'>, now: number, name: string): string | undefined {
  const day = (text: string) => new Date(text).toISOString().slice(0, 10)
  const days = Math.ceil((Date.parse(certificate.validTo) - now) / DAY_MS)
  switch (expiryOf(certificate, now)) {
    case 'good': return undefined
    case 'early': return `The certificate ${name} is valid from ${day(certificate.validFrom)}, and today is ${new Date(now).toISOString().slice(0, 10)}: browsers refuse it. Is this machine's clock right?`
    case 'expired': return `The certificate ${name} has expired on ${day(certificate.validTo)}: browsers refuse it. Renew it.`
    default: return `The certificate ${name} expires in ${days === 1 ? 'a day' : `${days} days`}, on ${day(certificate.validTo)}. Renew it.`
  }
}
