import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.js'
import type { Credentials } from '../credentials.js'
import { formatChallenge, parseParameters, type AuthChallenge } from '../http-auth/challenge.js'
import { verify } from '../http-auth/digest.js'
import type { Quirks } from '../faults/quirk.js'
import type { RtspRequest } from '../rtsp/message.js'

export type AuthScheme = 'none' | 'basic' | 'digest'

export interface AuthenticatorOptions {
  readonly auth: AuthScheme
  readonly credentials: Credentials
  readonly quirks: Quirks
  readonly clock: Clock
}

const REALM = 'camgate simulator'
/** The lifetime of a nonce with the quirk `stale-nonce`. */
const SHORT_NONCE_MS = 1_000

/** Checks the credentials in the requests of one connection. */
export class Authenticator {
  readonly #options: AuthenticatorOptions
  #nonce = newNonce()
  #nonceUntil: number

  constructor (options: AuthenticatorOptions) {
    this.#options = options
    this.#nonceUntil = options.clock.now() + SHORT_NONCE_MS
  }

  check ({ method, headers }: RtspRequest): 'valid' | 'invalid' | 'stale' {
    const { auth, credentials } = this.#options
    if (auth === 'none') return 'valid'
    this.#renewNonce()
    const header = headers.get('authorization')?.[0]
    if (header === undefined) return 'invalid'
    if (auth === 'digest' && parseParameters(header).get('nonce') !== this.#nonce) return 'stale'
    return verify(header, this.#challenge, credentials, method) ? 'valid' : 'invalid'
  }

  /** The WWW-Authenticate header of a 401. */
  challenge ({ stale }: { stale: boolean }): string {
    return formatChallenge(this.#challenge) + (stale ? ', stale=true' : '')
  }

  get #challenge (): AuthChallenge {
    const { auth, quirks } = this.#options
    if (auth === 'basic') return { scheme: 'basic', realm: REALM }
    return { scheme: 'digest', realm: REALM, nonce: this.#nonce, algorithm: quirks.has('sha-256') ? 'SHA-256' : 'MD5', qop: !quirks.has('no-qop') }
  }

  #renewNonce (): void {
    const now = this.#options.clock.now()
    if (!this.#options.quirks.has('stale-nonce') || now < this.#nonceUntil) return
    this.#nonce = newNonce()
    this.#nonceUntil = now + SHORT_NONCE_MS
  }
}

const newNonce = () => randomBytes(16).toString('hex')
