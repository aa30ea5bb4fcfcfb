import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { CamgateError, messageOf } from '../errors.js'

/** A private key and the certificates to send with it, as PEM, checked. */
export interface KeyPair {
  readonly key: string
  readonly cert: string
  /** The server's own certificate, the first of `cert`. */
  readonly certificate: X509Certificate
}

export const MIN_TLS_VERSION = 'TLSv1.2'

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^]*?-----END \1-----/g

/**
 * Checks a key and its certificates before a server uses them: OpenSSL's own words help nobody.
 * @param names what messages call the two texts, such as their paths
 * @throws {CamgateError} TLS
 */
export function keyPair (keyText: string, certText: string, names: { readonly key: string, readonly cert: string }): KeyPair {
  const [keys, certs] = [blocksOf(keyText, 'PRIVATE KEY'), blocksOf(certText, 'CERTIFICATE')]
  if (certs.length === 0) throw refused(missing(names.cert, 'certificate', certText, 'PRIVATE KEY', 'openssl x509 -inform der -in FILE -out FILE.pem'))
  if (keys.length === 0) throw refused(missing(names.key, 'private key', keyText, 'CERTIFICATE', 'openssl pkey -inform der -in FILE -out FILE.pem'))
  const key = keys[0]!
  if (/ENCRYPTED/.test(key)) {
    throw refused(`The key in ${names.key} is encrypted, and camgate has nobody to ask for its passphrase. Write it without: openssl pkey -in ${names.key} -out FILE.`)
  }
  const privateKey = parsed(() => createPrivateKey(key), `The key in ${names.key} cannot be read`)
  const certificates = certs.map(cert => parsed(() => new X509Certificate(cert), `A certificate in ${names.cert} cannot be read`))
  if (!certificates[0]!.checkPrivateKey(privateKey)) throw refused(notItsOwn(privateKey, certificates, names))
  const pair = { key, cert: `${certs.join('\n')}\n`, certificate: certificates[0]! }
  parsed(() => createSecureContext({ key, cert: pair.cert, minVersion: MIN_TLS_VERSION }), `${names.key} and ${names.cert} cannot be used`)
  return pair
}

/** As `openssl x509 -fingerprint -sha256` and browsers write it. */
export const fingerprintOf = ({ certificate }: Pick<KeyPair, 'certificate'>): string =>
  createHash('sha256').update(certificate.raw).digest('hex').toUpperCase().replace(/..(?=.)/g, '$&:')

/** The names that the certificate is for, without wildcards. */
export const dnsNamesOf = ({ certificate }: Pick<KeyPair, 'certificate'>): string[] =>
  [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([\w.-]+)(?=,|$)/g)].map(([, name]) => name!)

const blocksOf = (text: string, kind: string): string[] =>
  [...text.matchAll(BLOCK)].filter(([, label]) => label!.endsWith(kind)).map(([block]) => block)

function missing (name: string, what: string, text: string, other: string, command: string): string {
  if (blocksOf(text, other).length > 0) return `There is no ${what} in ${name}, but a ${other.toLowerCase()}. Are key and cert the wrong way round?`
  return `There is no ${what} in ${name}. camgate reads PEM, text that begins with -----BEGIN; from DER, this makes it: ${command}.`
}

function notItsOwn (key: KeyObject, certificates: readonly X509Certificate[], names: { readonly key: string, readonly cert: string }): string {
  return certificates.some(certificate => certificate.checkPrivateKey(key))
    ? `The certificates in ${names.cert} are in the wrong order: the server's own comes first, then the one that it was signed with, and so on.`
    : `The key in ${names.key} does not belong to the certificate in ${names.cert}, which is for ${nameOf(certificates[0]!)}. Use the key that the certificate was requested with.`
}

const nameOf = ({ subjectAltName, subject }: X509Certificate): string => (subjectAltName ?? subject ?? 'nobody').replace(/\s+/g, ' ').slice(0, 100)

function parsed<T> (read: () => T, what: string): T {
  try {
    return read()
  } catch (error) {
    throw refused(`${what}: ${messageOf(error)}.`)
  }
}

const refused = (message: string) => new CamgateError('TLS', message)
