import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { messageOf } from '../errors.js'
import { expiryOf, expirySentence, type Expiry } from './expiry.js'
import { fingerprintOf, type KeyPair } from './key-pair.js'
import { readPair, type CertificatePaths } from './pair-files.js'
import { WatchedFiles } from '../watch/watched-files.js'
import type { WatchFolder } from '../watch/watch-folder.js'
import type { ServerCertificate } from './server-certificate.js'

/** Also how long a key and a certificate that do not match may be on their way: most programs write one after the other. */
const POLL_INTERVAL_MS = 5_000

/** A key and its certificate in two files. Both are read again when they change, and used once they belong together. */
export class CertificateFiles implements ServerCertificate {
  readonly #paths: CertificatePaths
  readonly #clock: Clock
  readonly #log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly #watch: WatchFolder | undefined
  #pair: KeyPair
  /** The problem with what the files contain now, since when, and whether the log has it. */
  #problem: { readonly message: string, readonly since: number, logged: boolean } | undefined
  /** As the log has it. */
  #expiry: Expiry = 'good'
  #files: WatchedFiles | undefined
  #closed = false

  /** @throws {CamgateError} TLS */
  static async open (paths: CertificatePaths, clock: Clock, log: Pick<Logger, 'info' | 'warn' | 'error'>, watch?: WatchFolder): Promise<CertificateFiles> {
    return new CertificateFiles(paths, await readPair(paths), clock, log, watch)
  }

  private constructor (paths: CertificatePaths, pair: KeyPair, clock: Clock, log: Pick<Logger, 'info' | 'warn' | 'error'>, watch: WatchFolder | undefined) {
    this.#paths = paths
    this.#pair = pair
    this.#clock = clock
    this.#log = log
    this.#watch = watch
  }

  get pair (): KeyPair { return this.#pair }

  follow (use: (pair: KeyPair) => void): void {
    const look = async () => {
      await this.#look(use)
      return undefined
    }
    this.#files = new WatchedFiles({ clock: this.#clock, look, pollIntervalMs: POLL_INTERVAL_MS, watch: this.#watch })
    void this.#files.follow([this.#paths.key, this.#paths.cert])
    this.#noteExpiry()
  }

  close (): void {
    this.#closed = true
    this.#files?.close()
  }

  async #look (use: (pair: KeyPair) => void): Promise<void> {
    try {
      const pair = await readPair(this.#paths)
      if (this.#closed) return
      this.#problem = undefined
      if (pair.key !== this.#pair.key || pair.cert !== this.#pair.cert) {
        this.#pair = pair
        this.#expiry = 'good'
        use(pair)
        this.#log.info(`https uses the new certificate in ${this.#paths.cert}, SHA-256 ${fingerprintOf(pair)}`)
      }
    } catch (error) {
      this.#note(messageOf(error))
    }
    this.#noteExpiry()
  }

  #noteExpiry (): void {
    const expiry = expiryOf(this.#pair.certificate, this.#clock.wall())
    if (expiry === this.#expiry) return
    this.#expiry = expiry
    const sentence = expirySentence(this.#pair.certificate, this.#clock.wall(), this.#paths.cert)
    if (sentence) this.#log.warn(sentence)
  }

  #note (message: string): void {
    if (this.#problem?.message !== message) this.#problem = { message, since: this.#clock.now(), logged: false }
    if (this.#problem.logged || this.#clock.now() - this.#problem.since < POLL_INTERVAL_MS) return
    this.#problem.logged = true
    this.#log.error(`The new certificate is not used, the old one still is. ${message}`)
  }
}
