import PQueue from 'p-queue'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { parseBasic } from './basic.js'
import { decoyHash, verifyPassword } from './password.js'
import type { UserSettings } from '../access/settings.js'
import { TooManyTries, Tries } from './tries.js'
import { VerifiedPasswords } from './verified-passwords.js'
import { WrongPasswordLog } from './wrong-password-log.js'

/** Each check takes a core and 32 MiB for about 0.2 s, and one of libuv's four threads, which files and names need, too. */
const MAX_CHECKS = 2
/** Of those who have logged in from their address before, who go first, and as many of the others, among whom may be guesses from thousands of addresses. */
const MAX_WAITING = 32
const BUSY_RETRY_MS = 2_000

/** Checks names and passwords, slows guesses down and reports them. */
export class Logins {
  readonly #users: ReadonlyMap<string, UserSettings>
  readonly #tries: Tries
  readonly #verified: VerifiedPasswords
  readonly #log: WrongPasswordLog
  readonly #queue = new PQueue({ concurrency: MAX_CHECKS })
  /** One for each password. */
  readonly #decoys: readonly string[]
  readonly #verify: typeof verifyPassword

  /** `warn` is called at most once a minute. The wrong tries of `former` count on. */
  constructor (users: ReadonlyMap<string, UserSettings>, clock: Clock, warn: (line: string) => void, former?: Logins, verify = verifyPassword) {
    this.#users = users
    this.#tries = former ? former.#tries : new Tries(clock)
    this.#verified = new VerifiedPasswords(clock)
    this.#log = new WrongPasswordLog(clock, warn)
    const passwords = [...users.values()].flatMap(({ password }) => password ?? [])
    this.#decoys = passwords.length > 0 ? passwords.map(password => decoyHash(password)) : [decoyHash()]
    this.#verify = verify
  }

  /**
   * Returns the user whom an Authorization header proves; undefined if it is not Basic. A name that does not exist costs the time of a wrong password.
   * @param address the network of the client, by `networkOf`
   * @throws {CamgateError} BAD_CREDENTIALS
   * @throws {TooManyTries}
   */
  async check (header: string, address: string): Promise<UserSettings | undefined> {
    const sent = this.#verified.proofOf(address, header)
    const known = this.#verified.get(sent)
    if (known) {
      this.#tries.check(address, known.name) // otherwise guesses would go on at full speed
      return known
    }
    const credentials = parseBasic(header)
    if (!credentials) return undefined
    const { username: name, password } = credentials
    this.#tries.check(address, name)
    const proof = this.#verified.proofOf(address, name, password.normalize('NFC')) // a header has any number of spellings, and each would cost a check
    const user = this.#tries.wasWrong(address, name, proof) ? undefined : await this.#verified.verify([proof, sent], () => this.#try(name, password, address, proof))
    if (!user) throw new CamgateError('BAD_CREDENTIALS', 'The user or the password is wrong.')
    return user
  }

  /** Hashes may differ in what they cost. A name that does not exist takes as long as one of the users, and always the same one. */
  #decoyFor (name: string): string {
    const random = Buffer.from(this.#verified.proofOf(name), 'base64').readUInt32BE()
    return this.#decoys[random % this.#decoys.length]!
  }

  async #try (name: string, password: string, address: string, proof: string): Promise<UserSettings | undefined> {
    const user = this.#users.get(name)
    const priority = this.#tries.isKnown(address, name) ? 1 : 0
    const report = this.#tries.begin(address, name, proof)
    try {
      if (this.#queue.sizeBy({ priority }) >= MAX_WAITING) throw new TooManyTries('More people log in at once than camgate can check: try again in a moment.', BUSY_RETRY_MS)
      const isRight = await this.#queue.add(() => this.#verify(password, user?.password ?? this.#decoyFor(name)), { priority }) && user?.password !== undefined
      report(isRight ? 'right' : 'wrong')
      if (!isRight) this.#log.note(address)
      return isRight ? user : undefined
    } catch (error) {
      report('failed')
      throw error
    }
  }
}
