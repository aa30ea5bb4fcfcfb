/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { JwtSettings } from '../access/settings.js'
import { CamgateError } from '../errors.js'
import { isLoopback } from '../text/host.js'

/** RFC 7518 section 3.2: as long as the hash of HS256. */
const MIN_SECRET_BYTES = 32
const MIN_RSA_BITS = 2_048

/**
 * What tokens are verified with, and the algorithms that it may be used for. These follow from the kind of key and never from a token: otherwise a
 * token could ask for `none`, or for HS256 with the public key, which everybody has, as the secret.
 */
export interface SigningKey {
  readonly key: Uint8Array | KeyObject | URL
  readonly algorithms: readonly string[]
}

const invalid = (problem: string) => new CamgateError('CONFIG', `server.auth.jwt.${problem}`)

/** @throws {CamgateError} CONFIG. The message quotes no secret. */
export function signingKey (key: JwtSettings['key']): SigningKey {
  if ('secret' in key) return ofSecret(key.secret)
  return 'pem' in key ? ofPem(key.pem) : { key: keySetUrl(key.jwks), algorithms: ['RS256', 'ES256', 'EdDSA', 'Ed25519'] }
}

function ofSecret (secret: string): SigningKey {
  const key = Buffer.from(secret)
  if (key.length < MIN_SECRET_BYTES) throw invalid(`secret: expected at least ${MIN_SECRET_BYTES} bytes, received ${key.length}; openssl rand -hex 32 makes one`)
  return { key, algorithms: ['HS256'] }
}

function ofPem (pem: string): SigningKey {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) throw invalid('key: this is the private key, which only the signer may have; camgate needs the public one (openssl pkey -pubout)')
  const key = publicKey(pem)
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength < MIN_RSA_BITS) throw invalid(`key: an RSA key needs at least ${MIN_RSA_BITS} bits; this one has ${modulusLength}`)
      return { key, algorithms: ['RS256'] }
    case 'ec':
      if (namedCurve !== 'prime256v1') throw invalid(`key: ES256 takes the curve P-256; this key has ${namedCurve}`)
      return { key, algorithms: ['ES256'] }
    case 'ed25519': return { key, algorithms: ['EdDSA', 'Ed25519'] }
    default: throw invalid(`key: expected a key for RS256, ES256 or EdDSA, received one of the kind ${key.asymmetricKeyType}`)
  }
}

function publicKey (pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch {
    throw invalid('key: expected a public key as PEM text (-----BEGIN PUBLIC KEY-----); that of a file is key: "${file:/etc/camgate/jwt.pem}"')
  }
}

/** Over plain http, anybody on the way could put in a key of their own. */
function keySetUrl (written: string): URL {
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw invalid('jwks: expected an address like https://login.example.org/jwks.json')
  if (url.username || url.password) throw invalid('jwks: public keys need no password in their address; leave it out')
  if (url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) throw invalid('jwks: over http:// anybody on the way could put in a key of their own; write https://')
  return url
}
