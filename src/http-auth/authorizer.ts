import { asksForDigest, parseChallenges, type AuthChallenge } from './challenge.js'
import type { Credentials } from '../credentials.js'
import { authorization, type Charset, type ProvenRequest } from './digest.js'

/** What is known about one camera's logins. It outlives an attempt, so that the next one can use it. */
export interface AuthMemory {
  /** Whether it has ever asked for Digest. */
  digest: boolean
  /** Whether a connection's first login was sent and not answered. The camera may have counted a failed login. */
  unanswered: boolean
  /** The names of refused methods. */
  readonly refused: Set<string>
  /** How the newest login proved the password; undefined while the camera has asked for none. */
  scheme?: 'Basic' | 'Digest'
}

/** For another connection to the same camera at the same time: what the camera accepts is known to both, but each has its own logins. */
export const besideAuthMemory = (memory: AuthMemory): AuthMemory => ({
  unanswered: false,
  refused: memory.refused,
  get digest () { return memory.digest },
  set digest (asked) { memory.digest = asked }
})

export const newAuthMemory = (): AuthMemory => ({ digest: false, unanswered: false, refused: new Set() })

/** One way to answer a 401. */
interface Method { readonly challenge: AuthChallenge, readonly charset: Charset }

export interface AuthorizerOptions {
  readonly memory?: AuthMemory | undefined
  /** Whether to use Basic for a camera that has asked for Digest. */
  readonly allowBasic?: boolean | undefined
}

/** Logs one client in to one camera, request after request: RFC 7616 section 3.6. */
export class Authorizer {
  readonly #credentials: Credentials | undefined
  readonly #memory: AuthMemory
  readonly #allowBasic: boolean
  #method: Method | undefined
  /** The number of answers to the current challenge. */
  #count = 0
  /** Consecutive logins that were refused at once. */
  #refusals = 0
  #accepted = false

  constructor (credentials: Credentials | undefined, { memory = newAuthMemory(), allowBasic = false }: AuthorizerOptions = {}) {
    this.#credentials = credentials
    this.#memory = memory
    this.#allowBasic = allowBasic
  }

  /** The Authorization header of the next request, one character per byte; undefined before the first challenge. */
  header (request: ProvenRequest): string | undefined {
    if (this.#method === undefined || this.#credentials === undefined) return undefined
    this.#count++
    return authorization(this.#method.challenge, this.#credentials, request, this.#count, undefined, this.#method.charset)
  }

  /** Makes a request with the next header. Until the response, the memory marks a login as unanswered. */
  async track<Answer extends { readonly status: number }> (request: () => Promise<Answer>): Promise<Answer> {
    const logsIn = this.#method !== undefined
    this.#memory.unanswered = logsIn && !this.#accepted
    const answer = await request()
    this.#memory.unanswered = false
    this.#accepted ||= logsIn && answer.status !== 401
    return answer
  }

  /**
   * Accepts the challenges of a 401. Returns whether to send the request again with the next header. A challenge that was answered successfully
   * before has expired. After a login that is refused at once, there is only one more try, because cameras lock accounts: with the new nonce if
   * only the nonce was wrong, otherwise with another method that the camera offers.
   */
  challenged (wwwAuthenticate: readonly string[]): boolean {
    if (this.#credentials === undefined) return false
    this.#memory.digest ||= asksForDigest(wwwAuthenticate)
    const methods = methodsOf(this.#answerable(wwwAuthenticate), this.#credentials)
    const same = methods.find(method => this.#method !== undefined && nameOf(method) === nameOf(this.#method))
    const refused = this.#count === 1
    this.#refusals = refused ? this.#refusals + 1 : 0
    const again = refused && (this.#refusals > 1 || !isStale(same?.challenge)) ? undefined : same
    if (refused && !again) this.#memory.refused.add(nameOf(this.#method!))
    const next = again ?? methods.find(method => !this.#memory.refused.has(nameOf(method)))
    if (next === undefined) this.#memory.refused.clear() // the password may have changed by the next attempt
    if (methods.length === 0 || (refused && next === undefined) || this.#refusals > 1) return false
    this.#method = next ?? methods[0]!
    this.#memory.scheme = this.#method.challenge.scheme === 'basic' ? 'Basic' : 'Digest'
    this.#count = 0
    return true
  }

  /** Whether the camera, which has asked for Digest, now offers only Basic, so that an eavesdropper could read the password. */
  isDowngrade (wwwAuthenticate: readonly string[]): boolean {
    const offered = parseChallenges(wwwAuthenticate)
    return this.#credentials !== undefined && offered.length > 0 && this.#answerable(wwwAuthenticate).length === 0
  }

  #answerable (wwwAuthenticate: readonly string[]): AuthChallenge[] {
    const mayBasic = this.#allowBasic || !(this.#memory.digest || asksForDigest(wwwAuthenticate))
    return parseChallenges(wwwAuthenticate).filter(({ scheme }) => scheme !== 'basic' || mayBasic)
  }
}

/** Strongest first. Cameras expect non-ASCII names in UTF-8 or Latin-1, and do not announce which. */
function methodsOf (challenges: readonly AuthChallenge[], { username, password }: Credentials): Method[] {
  const isAscii = /^[\0-\x7f]*$/.test(username + password)
  const isLatin1 = /^[\0-\xff]*$/.test(username + password)
  const charsets: Charset[] = isAscii || !isLatin1 ? ['utf8'] : ['utf8', 'latin1']
  return charsets.flatMap(charset => challenges.map(challenge => ({ challenge, charset })))
}

const nameOf = ({ challenge, charset }: Method): string => `${challenge.scheme === 'basic' ? 'Basic' : challenge.algorithm} ${charset}`

const isStale = (challenge: AuthChallenge | undefined): boolean => challenge?.scheme === 'digest' && challenge.stale === true
