import { hostname, networkInterfaces } from 'node:os'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { messageOf } from '../errors.js'
import type { StateFolder } from '../state-folder.js'
import { expiryOf } from './expiry.js'
import { fingerprintOf, keyPair, type KeyPair } from './key-pair.js'
import type { ServerCertificate } from './server-certificate.js'

/** Key and certificate in one file, so that both change at once. */
const FILE = 'self-signed.pem'
const RENEWAL_CHECK_MS = 3_600_000
const DAY_MS = 24 * 3_600_000
/** Some systems trust no certificate that lasts longer than 825 days, and some none over 398. */
const LIFETIME_DAYS = 397

/**
 * A certificate that camgate has made for itself, kept in the state folder. It stays the same when the machine's addresses change, because people
 * have told their browsers to trust it; a new one takes its place 30 days before its end.
 */
export class SelfSigned implements ServerCertificate {
  readonly #folder: StateFolder
  readonly #clock: Clock
  readonly #log: Pick<Logger, 'info' | 'error'>
  #pair: KeyPair
  #cancel = () => {}

  /** @throws {CamgateError} STATE */
  static async open (folder: StateFolder, clock: Clock, log: Pick<Logger, 'info' | 'error'>): Promise<SelfSigned> {
    return new SelfSigned(await keptOrNew(folder, clock), folder, clock, log)
  }

  private constructor (pair: KeyPair, folder: StateFolder, clock: Clock, log: Pick<Logger, 'info' | 'error'>) {
    this.#pair = pair
    this.#folder = folder
    this.#clock = clock
    this.#log = log
    log.info(this.#sentence())
  }

  get pair (): KeyPair { return this.#pair }

  follow (use: (pair: KeyPair) => void): void {
    this.#cancel = this.#clock.after(RENEWAL_CHECK_MS, () => {
      this.follow(use)
      void this.#renew(use)
    })
  }

  close (): void { this.#cancel() }

  async #renew (use: (pair: KeyPair) => void): Promise<void> {
    if (isLasting(this.#pair, this.#clock)) return
    try {
      this.#pair = await keptOrNew(this.#folder, this.#clock)
      use(this.#pair)
      this.#log.info(this.#sentence())
    } catch (error) {
      this.#log.error(`The self-signed certificate cannot be renewed. ${messageOf(error)}`)
    }
  }

  #sentence (): string {
    return `https uses a self-signed certificate, which browsers warn about. Its SHA-256 fingerprint is ${fingerprintOf(this.#pair)}`
  }
}

/** A certificate that is not valid yet was made before the clock was set back. */
const isLasting = ({ certificate }: KeyPair, clock: Clock) => ['good', 'early'].includes(expiryOf(certificate, clock.wall()))

async function keptOrNew (folder: StateFolder, clock: Clock): Promise<KeyPair> {
  const kept = pairIn(await folder.read(FILE))
  if (kept && isLasting(kept, clock)) return kept
  const pem = await make(clock.wall())
  await folder.write(FILE, pem)
  return pairIn(pem)!
}

function pairIn (pem: string | undefined): KeyPair | undefined {
  try {
    return pem === undefined ? undefined : keyPair(pem, pem, { key: FILE, cert: FILE })
  } catch {
    return undefined // made anew
  }
}

async function make (now: number): Promise<string> {
  const { generate } = await import('selfsigned') // takes a while, and most never need it
  const made = await generate([{ name: 'commonName', value: 'camgate' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MS), // clocks differ
    notAfterDate: new Date(now + LIFETIME_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...names().map(value => ({ type: 2 as const, value })), ...addresses().map(ip => ({ type: 7 as const, ip }))] }
    ]
  })
  return `${made.cert.trim()}\n${made.private.trim()}\n`
}

/** Names that a certificate can hold. */
const names = () => [...new Set(['localhost', hostname().toLowerCase()])].filter(name => /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(name))

const addresses = () => [...new Set(['127.0.0.1', '::1', ...Object.values(networkInterfaces()).flatMap(entries => entries ?? [])
  .filter(({ address }) => !address.startsWith('fe80:')).map(({ address }) => address)])]
