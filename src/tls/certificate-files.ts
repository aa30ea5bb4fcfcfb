import { watch } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { messageOf } from '../errors.js'
import { expiryOf, expirySentence, type Expiry } from './expiry.js'
import { fingerprintOf, type KeyPair } from './key-pair.js'
import { readPair, type CertificatePaths } from './pair-files.js'
import type { ServerCertificate } from './server-certificate.js'

/** Also how long a key and a certificate that do not match may be on their way: most programs write one after the other. */
const POLL_INTERVAL_MS = 5_000
const DEBOUNCE_MS = 200

/** Calls back when something in the folder changes. Returns a function that ends it. */
export type WatchFolder = (folder: string, changed: () => void) => () => void

/** A key and its certificate in two files. Both are read again when they change, and used once they belong together. */
export class CertificateFiles implements ServerCertificate {
  readonly #paths: CertificatePaths
  readonly #clock: Clock
  readonly #log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly #watch: WatchFolder
  #pair: KeyPair
  /** The problem with what the files contain now, since when, and whether the log has it. */
  #problem: { readonly message: string, readonly since: number, logged: boolean } | undefined
  /** As the log has it. */
  #expiry: Expiry = 'good'
  #cancel = () => {}
  /** Whether the next look comes soon, because a folder has changed. */
  #isSoon = false
  #unwatch: Array<() => void> = []
  #closed = false

  /** @throws {CamgateError} TLS */
  static async open (paths: CertificatePaths, clock: Clock, log: Pick<Logger, 'info' | 'warn' | 'error'>, watch: WatchFolder = watchFolder): Promise<CertificateFiles> {
    return new CertificateFiles(paths, await readPair(paths), clock, log, watch)
  }

  private constructor (paths: CertificatePaths, pair: KeyPair, clock: Clock, log: Pick<Logger, 'info' | 'warn' | 'error'>, watch: WatchFolder) {
    this.#paths = paths
    this.#pair = pair
    this.#clock = clock
    this.#log = log
    this.#watch = watch
  }

  get pair (): KeyPair { return this.#pair }

  /** Watches the folders, because files are often replaced by others, and looks at the files every few seconds, because no watch sees all changes (NFS, a mount). */
  follow (use: (pair: KeyPair) => void): void {
    const lookIn = (ms: number) => {
      this.#cancel()
      this.#cancel = this.#clock.after(ms, () => {
        this.#isSoon = false
        void this.#look(use).finally(() => { if (!this.#closed && !this.#isSoon) lookIn(POLL_INTERVAL_MS) })
      })
    }
    const changed = () => {
      if (this.#isSoon || this.#closed) return // a log in the same folder must not put it off for ever
      this.#isSoon = true
      lookIn(DEBOUNCE_MS)
    }
    for (const folder of new Set([this.#paths.key, this.#paths.cert].map(path => dirname(path)))) this.#unwatch.push(this.#watch(folder, changed))
    this.#noteExpiry()
    lookIn(POLL_INTERVAL_MS)
  }

  close (): void {
    this.#closed = true
    this.#cancel()
    for (const unwatch of this.#unwatch) unwatch()
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

/** Without a watch (there is no folder, or the system has no more watches), polling is enough. */
const watchFolder: WatchFolder = (folder, changed) => {
  try {
    const watcher = watch(folder, changed).on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => {}
  }
}
