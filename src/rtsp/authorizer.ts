import { parseChallenges, type AuthChallenge } from './challenge.js'
import { authorization, type Credentials, type Proven } from './digest.js'

/** Proves one client's credentials to one camera, request after request: RFC 7616 section 3.6. */
export class Authorizer {
  readonly #credentials: Credentials | undefined
  #challenge: AuthChallenge | undefined
  /** How often the challenge was answered. */
  #count = 0
  /** Whether the answer before this one was refused for its nonce alone. */
  #stale = false

  constructor (credentials: Credentials | undefined) {
    this.#credentials = credentials
  }

  /** The Authorization header of the next request; undefined until there was a challenge. */
  header (request: Proven): string | undefined {
    if (this.#challenge === undefined || this.#credentials === undefined) return undefined
    this.#count++
    return authorization(this.#challenge, this.#credentials, request, this.#count)
  }

  /**
   * Takes the challenges of a 401; whether the request may be sent again with the next header. A challenge whose first
   * answer was refused means wrong credentials, and another try a locked account; one that was answered before has expired.
   */
  challenged (wwwAuthenticate: readonly string[]): boolean {
    const [challenge] = parseChallenges(wwwAuthenticate)
    if (challenge === undefined || this.#credentials === undefined) return false
    const stale = isStale(challenge) && !this.#stale
    if (this.#count === 1 && !stale) return false
    this.#stale = stale && this.#count === 1
    this.#challenge = challenge
    this.#count = 0
    return true
  }
}

const isStale = (challenge: AuthChallenge): boolean => challenge.scheme === 'digest' && challenge.stale === true
