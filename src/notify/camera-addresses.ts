import { isIP } from 'node:net'
import type { Clock } from '../clock.js'
import type { CameraPlace } from '../config/notify/camera-places.js'
import { canonicalHost } from '../text/host.js'
import type { Resolve } from './addresses.js'

const FRESH_MS = 60_000
/** A notification waits no longer for the names of cameras. */
const TIMEOUT_MS = 2_000

/** The places of cameras by IP address, also of those that the file names. */
export class CameraAddresses {
  readonly #resolve: Resolve
  readonly #clock: Clock
  readonly #known = new Map<string, { readonly at: number, readonly addresses: readonly string[] }>()
  /** Ends when all names have been looked up that somebody has asked for. */
  #lookups: Promise<void> = Promise.resolve()

  constructor (resolve: Resolve, clock: Clock) {
    this.#resolve = resolve
    this.#clock = clock
  }

  /** The same places, and one for each address of a name among them, as far as names can be resolved in time. `signal` ends the wait. */
  async resolved (places: readonly CameraPlace[], signal: AbortSignal): Promise<CameraPlace[]> {
    const names = new Set(places.map(({ host }) => host).filter(host => isIP(host) === 0 && host !== 'localhost'))
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name)
    const due = [...names].filter(name => !this.#isFresh(name))
    if (due.length > 0) {
      this.#lookups = this.#lookups.then(() => this.#look(due))
      await this.#waitFor(this.#lookups, signal)
    }
    return places.flatMap(place => [place, ...(this.#known.get(place.host)?.addresses ?? []).map(host => ({ ...place, host }))])
  }

  #isFresh (name: string): boolean {
    const known = this.#known.get(name)
    return known !== undefined && this.#clock.now() - known.at < FRESH_MS
  }

  /** One after the other, for all receivers together: a system resolves few names at a time, and cameras need it, too. A name that cannot be resolved keeps its addresses. */
  async #look (names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (this.#isFresh(name)) continue // another receiver has asked meanwhile
      const found = await this.#resolve(name).catch(() => undefined)
      this.#known.set(name, { at: this.#clock.now(), addresses: found?.map(({ address }) => canonicalHost(address)) ?? this.#known.get(name)?.addresses ?? [] })
    }
  }

  async #waitFor (lookups: Promise<void>, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await new Promise<void>(resolve => {
      const end = () => {
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.#clock.after(TIMEOUT_MS, end)
      signal.addEventListener('abort', end)
      void lookups.then(end)
    })
  }
}
