import type { Clock } from '../../clock.js'
import type { Failing } from './choice.js'

const DAY_MS = 24 * 60 * 60_000
const FIRST_RETRY_MS = 60_000
const MAX_RETRY_MS = 30 * 60_000
const KEY = 'camgate-paths'
/** It may quote what camgate sent, and the storage is that of the page's site: an evil camgate must not fill it. */
const MAX_REASON_CHARS = 300

interface Failure { readonly at: number, readonly count: number, readonly reason: string }
type Known = Readonly<Record<string, Failure>>

/**
 * Which ways of showing one camera have failed in this browser, for a day. A way that failed is tried again after a minute, and each time that
 * it fails again after twice as long, up to half an hour.
 */
export class Failures {
  readonly #clock: Pick<Clock, 'wall'>
  readonly #store: () => Pick<Storage, 'getItem' | 'setItem'>
  readonly #base: string
  readonly #camera: string
  #known: Known = {}

  /** `store` may throw: browsers keep localStorage from pages in some frames. */
  constructor (base: string, camera: string, clock: Pick<Clock, 'wall'>, store: () => Pick<Storage, 'getItem' | 'setItem'> = () => localStorage) {
    this.#base = base
    this.#camera = camera
    this.#clock = clock
    this.#store = store
    this.#read()
  }

  /** Why it is not to be tried now; undefined if it may be. */
  reason (what: Failing): string | undefined {
    const failure = this.#known[this.#key(what)]
    return failure && retryAt(failure) > this.#clock.wall() ? failure.reason : undefined
  }

  note (what: Failing, reason: string): void {
    this.#read() // other pages may have noted something since
    const key = this.#key(what)
    this.#write({ ...this.#known, [key]: { at: this.#clock.wall(), count: (this.#known[key]?.count ?? 0) + 1, reason: reason.slice(0, MAX_REASON_CHARS) } })
  }

  /** Everything may be tried again at once. */
  forget (): void {
    this.#read()
    const ours = this.#keys()
    this.#write(Object.fromEntries(Object.entries(this.#known).filter(([key]) => !ours.includes(key))))
  }

  /** In how many milliseconds the first of the failed ways is to be tried again; undefined if none waits. */
  get retryIn (): number | undefined {
    const now = this.#clock.wall()
    const times = this.#keys().flatMap(key => this.#known[key] ? [retryAt(this.#known[key]) - now] : []).filter(ms => ms > 0)
    return times.length > 0 ? Math.min(...times) : undefined
  }

  /** The socket is the same for all cameras. */
  #key (what: Failing): string { return what === 'socket' ? `${this.#base} socket` : `${this.#base} ${what} ${this.#camera}` }

  #keys (): string[] { return (['socket', 'webcodecs', 'mse', 'jpeg', 'img', 'snapshots'] as const).map(what => this.#key(what)) }

  #read (): void {
    const now = this.#clock.wall()
    const all = { ...this.#known, ...this.#stored() }
    this.#known = Object.fromEntries(Object.entries(all).filter(([, { at }]) => at <= now && now - at < DAY_MS))
  }

  #stored (): Known {
    try {
      const stored: unknown = JSON.parse(this.#store().getItem(KEY) ?? '{}')
      return Object.fromEntries(Object.entries(Object(stored)).filter((entry): entry is [string, Failure] => isFailure(entry[1])))
    } catch {
      return {} // not to be read, or not written by us
    }
  }

  #write (known: Known): void {
    this.#known = known
    try {
      this.#store().setItem(KEY, JSON.stringify(known))
    } catch {
      // full, or not to be written: then only this element remembers
    }
  }
}

const retryAt = ({ at, count }: Failure): number => at + Math.min(FIRST_RETRY_MS * 2 ** (count - 1), MAX_RETRY_MS)

function isFailure (value: unknown): value is Failure {
  const { at, count, reason } = Object(value) as Partial<Record<keyof Failure, unknown>>
  return typeof at === 'number' && typeof count === 'number' && count >= 1 && typeof reason === 'string'
}
