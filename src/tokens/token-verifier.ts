import { hash } from 'node:crypto'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { MAX_CLOCK_SKEW_S, type Principal } from '../access/principal.js'
import { Recent } from '../access/recent.js'
import type { JwtSettings, UserSettings } from '../access/settings.js'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { principalOf, refused } from './claims.js'
import { fetchKeySet } from './fetch-key-set.js'
import { KeySet } from './key-set.js'
import { signingKey } from './signing-key.js'

/** Verifying takes 0.1 ms of processor time, and a page of snapshots sends the same token every second. */
const KEEP_MS = 60_000
const MAX_KEPT = 10_000

export interface TokenVerifierParts {
  readonly settings: JwtSettings
  /** A token that names no cameras shows those of the user of its name. */
  readonly users: ReadonlyMap<string, UserSettings>
  readonly clock: Clock
  readonly warn: (message: string) => void
}

/** Finds out whom a JSON Web Token (RFC 7519) was made for. */
export class TokenVerifier {
  readonly #parts: TokenVerifierParts
  readonly #algorithms: string[]
  readonly #key: JWTVerifyGetKey
  /** By the hash of a token that was good within the last minute. */
  readonly #verified = new Recent<{ readonly principal: Principal, readonly keepUntil: number }>(MAX_KEPT)

  /** @throws {CamgateError} CONFIG */
  constructor (parts: TokenVerifierParts) {
    const { settings, clock, warn } = this.#parts = parts
    const { key, algorithms } = signingKey(settings.key)
    this.#algorithms = [...algorithms]
    this.#key = key instanceof URL
      ? new KeySet({ clock, warn, fetch: async () => await fetchKeySet(key, clock) }).find
      : async () => key
  }

  /** @throws {CamgateError} EXPIRED, BAD_CREDENTIALS, KEYS_UNAVAILABLE. The message quotes nothing of the token. */
  async verify (token: string): Promise<Principal> {
    const { clock } = this.#parts
    const proof = hash('sha256', token, 'base64')
    const known = this.#verified.get(proof)
    if (known && clock.now() < known.keepUntil && clock.wall() < known.principal.until!) return known.principal
    const read = await this.#verify(token)
    const principal = { ...read, issuedAt: Math.min(read.issuedAt, known?.principal.issuedAt ?? Infinity) } // it is as old as its first use
    this.#verified.set(proof, { principal, keepUntil: clock.now() + KEEP_MS })
    return principal
  }

  async #verify (token: string): Promise<Principal> {
    const { settings, users, clock } = this.#parts
    const { issuer, audience } = settings
    const now = clock.wall()
    const { payload } = await jwtVerify(token, this.#key, {
      algorithms: this.#algorithms,
      ...issuer !== undefined && { issuer },
      ...audience !== undefined && { audience },
      requiredClaims: ['exp'],
      clockTolerance: MAX_CLOCK_SKEW_S,
      currentDate: new Date(now)
    }).catch((error: Error) => { throw refusal(error) })
    return principalOf(payload, settings, users, now)
  }
}

function refusal (error: Error): CamgateError {
  if (error instanceof CamgateError) return error
  if (error instanceof errors.JWTExpired) return new CamgateError('EXPIRED', 'This token has expired. Get a new one.')
  return refused(reasonOf(error))
}

function reasonOf (error: Error): string {
  if (error instanceof errors.JWTClaimValidationFailed) return reasonsByClaim[error.claim] ?? `its claim ${error.claim} is invalid`
  const code = error instanceof errors.JOSEError ? error.code : ''
  return reasonsByCode[code] ?? 'it is not a JSON Web Token that camgate can read'
}

const reasonsByClaim: Readonly<Record<string, string>> = {
  aud: 'it is not for the configured audience (aud)',
  exp: 'it does not say when it ends (exp)',
  iss: 'it is not from the configured issuer (iss)',
  nbf: 'it is not valid yet (nbf)'
}

const reasonsByCode: Readonly<Record<string, string>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'it is signed in a way that the configured key is not for (alg)',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'its signer has several keys, and it does not say which one signed it (kid)',
  ERR_JWKS_NO_MATCHING_KEY: 'its signer has no such key (kid)',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is wrong'
}
