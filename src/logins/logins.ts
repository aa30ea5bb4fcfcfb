import PQueue from 'p-queue'
import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { decoyHash, verifyPassword } from './password.js'
import type { UserSettings } from '../access/settings.js'
import { TooManyTries, Tries } from './tries.js'
import { VerifiedPasswords } from './verified-passwords.js'
import { WrongPasswordLog } from './wrong-password-log.js'

/** Each check takes a core and 32 MiB for about 0.2 s, and one of libuv's four threads, which files and names need, too. */
const MAX_CHECKS = 2
const MAX_WAITING = 32
const BUSY_RETRY_MS = 2_000

/** Checks names and passwords, slows guesses down and reports them. */
export class Logins {
  readonly #users: ReadonlyMap<string, UserSettings>
  readonly #tries: Tries
  readonly #verified: VerifiedPasswords
  readonly #log: WrongPasswordLog
  readonly #queue = new PQueue({ concurrency: MAX_CHECKS })
  readonly #decoy: string
  readonly #verify: typeof verifyPassword

  /** `warn` is called at most once a minute. */
  constructor (users: ReadonlyMap<string, UserSettings>, clock: Clock, warn: (line: string) => void, verify = verifyPassword) {
    this.#users = users
    this.#tries = new Tries(clock)
    this.#verified = new VerifiedPasswords(clock)
    this.#log = new WrongPasswordLog(clock, warn)
    this.#decoy = decoyHash([...users.values()].find(({ password }) => password !== undefined)?.password)
    this.#verify = verify
  }

  /**
   * Returns the user whom name and password prove. A name that does not exist costs the time of a wrong password.
   * @param address the network of the client, by `networkOf`
   * @throws {CamgateError} BAD_CREDENTIALS
   * @throws {TooManyTries}
   */
  async check (name: string, password: string, address: string): Promise<UserSettings> {
    this.#tries.check(address, name)
    const user = this.#users.get(name)
    const hash = user?.password ?? this.#decoy
    const proof = this.#verified.proofOf(address, name, password, hash)
    const isWrong = this.#tries.wasWrong(address, name, proof) || !await this.#verified.verify(proof, () => this.#try(name, password, address, hash, proof))
    if (isWrong || user?.password === undefined) throw new CamgateError('BAD_CREDENTIALS', 'The user or the password is wrong.')
    return user
  }

  async #try (name: string, password: string, address: string, hash: string, proof: string): Promise<boolean> {
    const ended = this.#tries.begin(address, name, proof)
    try {
      if (this.#queue.size >= MAX_WAITING) throw new TooManyTries('More people log in at once than camgate can check: try again in a moment.', BUSY_RETRY_MS)
      const isRight = await this.#queue.add(() => this.#verify(password, hash))
      ended(isRight ? 'right' : 'wrong')
      if (!isRight) this.#log.note(address)
      return isRight
    } catch (error) {
      ended('failed')
      throw error
    }
  }
}
