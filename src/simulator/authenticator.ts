import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.js'
import { formatChallenge, parseParameters, type AuthChallenge } from '../http-auth/challenge.js'
import type { Credentials } from '../credentials.js'
import { verify } from '../http-auth/digest.js'
import type { RtspRequest } from '../rtsp/message.js'
import type { Quirks } from '../faults/quirk.js'

export interface Lock {
  readonly auth: 'none' | 'basic' | 'digest'
  readonly credentials: Credentials
  readonly quirks: Quirks
  readonly clock: Clock
}

const realm = 'camgate simulator'
const nonceMs = 1_000 // of a camera that changes it

/** Asks the requests of one connection to prove that they know the password. */
export class Authenticator {
  readonly #lock: Lock
  #nonce = newNonce()
  #nonceUntil: number

  constructor (lock: Lock) {
    this.#lock = lock
    this.#nonceUntil = lock.clock.now() + nonceMs
  }

  judge ({ method, headers }: RtspRequest): 'right' | 'wrong' | 'stale' {
    const { auth, credentials } = this.#lock
    if (auth === 'none') return 'right'
    this.#renew()
    const header = headers.get('authorization')?.[0]
    if (header === undefined) return 'wrong'
    if (auth === 'digest' && parseParameters(header).get('nonce') !== this.#nonce) return 'stale'
    return verify(header, this.#challenge, credentials, method) ? 'right' : 'wrong'
  }

  /** The WWW-Authenticate header of a 401. */
  ask ({ stale }: { stale: boolean }): string {
    return formatChallenge(this.#challenge) + (stale ? ', stale=true' : '')
  }

  get #challenge (): AuthChallenge {
    const { auth, quirks } = this.#lock
    if (auth === 'basic') return { scheme: 'basic', realm }
    return { scheme: 'digest', realm, nonce: this.#nonce, algorithm: quirks.has('sha-256') ? 'SHA-256' : 'MD5', qop: !quirks.has('no-qop') }
  }

  #renew (): void {
    const now = this.#lock.clock.now()
    if (!this.#lock.quirks.has('stale-nonce') || now < this.#nonceUntil) return
    this.#nonce = newNonce()
    this.#nonceUntil = now + nonceMs
  }
}

const newNonce = () => randomBytes(16).toString('hex')
