import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Credentials } from '../../credentials.js'
import { formatChallenge, type AuthChallenge } from '../../http-auth/challenge.js'
import { verify } from '../../http-auth/digest.js'
import { passwordDigest } from '../../onvif/soap.js'
import { textAt, type XmlElement } from '../../xml/element.js'

/** How it wants to be shown the password: not at all, by HTTP Digest, or by WS-Security. */
export type OnvifLogin = 'none' | 'digest' | 'ws-security'

/** WS-Security's tokens hold for this long, by the camera's own clock. */
const TOKEN_LIFETIME_MS = 300_000

/** Checks the logins of one camera, and counts the wrong ones, for which real cameras lock accounts. */
export class OnvifLogins {
  wrong = 0
  readonly #kind: OnvifLogin
  readonly #credentials: Credentials
  readonly #now: () => number
  readonly #challenge: AuthChallenge = { scheme: 'digest', realm: 'camgate simulator', nonce: randomBytes(16).toString('hex'), algorithm: 'MD5', qop: true }

  /** @param now the camera's own clock, in milliseconds since 1970 */
  constructor (kind: OnvifLogin, credentials: Credentials, now: () => number) {
    this.#kind = kind
    this.#credentials = credentials
    this.#now = now
  }

  /** The headers of a refusal; undefined if the request may pass. */
  refusal (request: IncomingMessage, envelope: XmlElement): Record<string, string> | undefined {
    if (this.#kind === 'none' || this.#passes(request, envelope)) return undefined
    return this.#kind === 'digest' ? { 'WWW-Authenticate': formatChallenge(this.#challenge) } : {}
  }

  #passes ({ headers: { authorization } }: IncomingMessage, envelope: XmlElement): boolean {
    const given = this.#kind === 'digest' ? authorization : textAt(envelope, 'Header', 'Security', 'UsernameToken', 'Password')
    if (!given) return false
    const isRight = this.#kind === 'digest' ? verify(given, this.#challenge, this.#credentials, 'POST') : this.#isToken(envelope)
    if (!isRight) this.wrong++
    return isRight
  }

  #isToken (envelope: XmlElement): boolean {
    const [username, digest, nonce, created] = ['Username', 'Password', 'Nonce', 'Created'].map(name => textAt(envelope, 'Header', 'Security', 'UsernameToken', name)) as [string, string, string, string]
    return username === this.#credentials.username && digest === passwordDigest(Buffer.from(nonce, 'base64'), created, this.#credentials.password) &&
      Math.abs(Date.parse(created) - this.#now()) < TOKEN_LIFETIME_MS
  }
}
