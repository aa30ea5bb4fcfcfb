import { asksForDigest, parseChallenges, type AuthChallenge } from './challenge.js'
import type { Credentials } from '../credentials.js'
import { authorization, type Charset, type Proven } from './digest.js'

/** What one camera has shown of how it takes a password. Kept for as long as the process runs, so that a new attempt does not begin from nothing. */
export interface AuthMemory {
  /** Whether it has ever asked for Digest. */
  digest: boolean
  /** Whether the first proof of a connection was sent, and no answer has come: the camera may have counted a login that failed. */
  unanswered: boolean
  /** Ways to answer that it refused. */
  readonly refused: Set<string>
}

export const newAuthMemory = (): AuthMemory => ({ digest: false, unanswered: false, refused: new Set() })

/** One way to answer a 401. */
interface Way { readonly challenge: AuthChallenge, readonly charset: Charset }

export interface AuthorizerOptions {
  readonly memory?: AuthMemory | undefined
  /** Whether Basic will do for a camera that has asked for Digest. */
  readonly allowBasic?: boolean | undefined
}

/** Proves one client's credentials to one camera, request after request: RFC 7616 section 3.6. */
export class Authorizer {
  readonly #credentials: Credentials | undefined
  readonly #memory: AuthMemory
  readonly #allowBasic: boolean
  #way: Way | undefined
  /** How often the challenge was answered. */
  #count = 0
  /** Answers in a row that were refused at once. */
  #refusals = 0
  #accepted = false

  constructor (credentials: Credentials | undefined, { memory = newAuthMemory(), allowBasic = false }: AuthorizerOptions = {}) {
    this.#credentials = credentials
    this.#memory = memory
    this.#allowBasic = allowBasic
  }

  /** The Authorization header of the next request, one character per byte; undefined until there was a challenge. */
  header (request: Proven): string | undefined {
    if (this.#way === undefined || this.#credentials === undefined) return undefined
    this.#count++
    return authorization(this.#way.challenge, this.#credentials, request, this.#count, undefined, this.#way.charset)
  }

  /** Makes a request with the next header, and notes in the memory while the camera owes it an answer. */
  async noting<Answer extends { readonly status: number }> (request: () => Promise<Answer>): Promise<Answer> {
    const proves = this.#way !== undefined
    this.#memory.unanswered = proves && !this.#accepted
    const answer = await request()
    this.#memory.unanswered = false
    this.#accepted ||= proves && answer.status !== 401
    return answer
  }

  /**
   * Takes the challenges of a 401; whether the request may be sent again with the next header. A challenge that was answered
   * before has expired. An answer refused at once is worth one more, because cameras lock accounts: with the new nonce if that was
   * all, else another way that the camera offers.
   */
  challenged (wwwAuthenticate: readonly string[]): boolean {
    if (this.#credentials === undefined) return false
    this.#memory.digest ||= asksForDigest(wwwAuthenticate)
    const ways = waysOf(this.#answerable(wwwAuthenticate), this.#credentials)
    const same = ways.find(way => this.#way !== undefined && nameOf(way) === nameOf(this.#way))
    const refused = this.#count === 1
    this.#refusals = refused ? this.#refusals + 1 : 0
    const again = refused && (this.#refusals > 1 || !isStale(same?.challenge)) ? undefined : same
    if (refused && !again) this.#memory.refused.add(nameOf(this.#way!))
    const next = again ?? ways.find(way => !this.#memory.refused.has(nameOf(way)))
    if (next === undefined) this.#memory.refused.clear() // by the next attempt the password may be another
    if (ways.length === 0 || (refused && next === undefined) || this.#refusals > 1) return false
    this.#way = next ?? ways[0]!
    this.#count = 0
    return true
  }

  /** Whether the camera, which asked for Digest once, now offers nothing but Basic: whoever listens would read the password. */
  isDowngrade (wwwAuthenticate: readonly string[]): boolean {
    const offered = parseChallenges(wwwAuthenticate)
    return this.#credentials !== undefined && offered.length > 0 && this.#answerable(wwwAuthenticate).length === 0
  }

  #answerable (wwwAuthenticate: readonly string[]): AuthChallenge[] {
    const mayBasic = this.#allowBasic || !(this.#memory.digest || asksForDigest(wwwAuthenticate))
    return parseChallenges(wwwAuthenticate).filter(({ scheme }) => scheme !== 'basic' || mayBasic)
  }
}

/** Strongest first. Cameras take a name beyond ASCII as UTF-8, or as Latin-1, and do not say which. */
function waysOf (challenges: readonly AuthChallenge[], { username, password }: Credentials): Way[] {
  const isAscii = /^[\0-\x7f]*$/.test(username + password)
  const isLatin1 = /^[\0-\xff]*$/.test(username + password)
  const charsets: Charset[] = isAscii || !isLatin1 ? ['utf8'] : ['utf8', 'latin1']
  return charsets.flatMap(charset => challenges.map(challenge => ({ challenge, charset })))
}

const nameOf = ({ challenge, charset }: Way): string => `${challenge.scheme === 'basic' ? 'Basic' : challenge.algorithm} ${charset}`

const isStale = (challenge: AuthChallenge | undefined): boolean => challenge?.scheme === 'digest' && challenge.stale === true
