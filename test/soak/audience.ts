import type { Random } from './random.js'
import { repeatRandomly } from './repeat.js'
import type { Tally } from './tally.js'

/** Some pauses are shorter than the 10 s for which a decoder outlives its last viewer, some are longer, and some end just then. */
const CHANGE_INTERVAL_MS = [1_000, 15_000] as const
const WATCHED_SHARE = 0.5

/** Something to watch. `over` aborts when everybody leaves it. */
export interface Show { readonly address: URL, readonly over: AbortSignal }

/** What viewers watch at the moment. Each address gains and loses all of its viewers at random times of its own, so that decoders start and stop. */
export class Audience {
  readonly #addresses: readonly URL[]
  readonly #watched = new Map<URL, AbortController>()

  constructor (addresses: readonly URL[]) {
    this.#addresses = addresses
    this.open()
  }

  async vary (random: Random, tally: Tally, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#addresses.map(address => {
      const own = random.fork(`audience ${address.pathname}${address.search}`)
      return repeatRandomly(own, CHANGE_INTERVAL_MS, signal, async () => {
        const comes = own.next() < WATCHED_SHARE
        tally.count(`audience ${comes ? 'comes' : 'leaves'}`)
        if (comes) this.#open(address)
        else this.#close(address)
      })
    }))
  }

  /** Everything is watched again. */
  open (): void { for (const address of this.#addresses) this.#open(address) }
  /** Everybody leaves, and nobody comes. */
  close (): void { for (const address of this.#addresses) this.#close(address) }

  pick (random: Random): Show | undefined {
    const watched = [...this.#watched]
    if (watched.length === 0) return undefined
    const [address, { signal }] = random.pick(watched)
    return { address, over: signal }
  }

  #open (address: URL): void {
    if (!this.#watched.has(address)) this.#watched.set(address, new AbortController())
  }

  #close (address: URL): void {
    this.#watched.get(address)?.abort()
    this.#watched.delete(address)
  }
}
