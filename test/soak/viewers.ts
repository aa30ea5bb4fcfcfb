import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Audience } from './audience.js'
import { pause } from './repeat.js'
import { jpegFault } from './multipart.js'
import type { Random } from './random.js'
import type { Tally } from './tally.js'
import { watch, type Watching } from './watching.js'

/** About a third of what a camera sends. */
const SLOW_BYTES_PER_SECOND = 20_000
/** In this time a camera sends more than the kernel buffers for a viewer that does not read. */
const SOCKET_FULL_AFTER_MS = 3_000
const SNAPSHOT_INTERVAL_MS = [100, 1_000] as const
const STAY_MS = [300, 12_000] as const
/** Longer than the 15 s after which a viewer that accepts nothing is disconnected. */
const LONG_STAY_MS = [5_000, 25_000] as const
/** A viewer looks again this often for something to watch. */
const NOTHING_ON_MS = 100
/** A snapshot is never older: a camera that sends nothing has stalled after 10 s, and a decoder is kept for 10 s. */
const MAX_SNAPSHOT_AGE_MS = 11_000

interface Visit extends Watching { readonly random: Random }

const kinds = {
  fast: visit => watch(visit, () => {}),
  thinned: visit => watch({ ...visit, address: thinned(visit.address) }, () => {}),
  slow: visit => watch(visit, bytes => sleep(bytes / SLOW_BYTES_PER_SECOND * 1_000, undefined, { signal: visit.leave })),
  /** Reads only the headers. */
  async stalled ({ address, leave }) {
    const request = get(address, { signal: leave })
    request.on('error', () => {})
    await once(request, 'response', { signal: leave })
    await once(leave, 'abort')
  },
  /** Reads nothing until its socket is full in the middle of a picture, then leaves. */
  async aborting (visit) {
    const own = new AbortController()
    const leave = AbortSignal.any([visit.leave, own.signal])
    await watch({ ...visit, leave }, async () => {
      if (visit.random.next() < 0.9) return
      await pause(SOCKET_FULL_AFTER_MS, leave)
      own.abort()
    }).catch((error: unknown) => { if (!leave.aborted) throw error })
  },
  async snapshots ({ address, leave, random, saw }) {
    do {
      const request = get(new URL(`${address.pathname}/snapshot${address.search}`, address), { signal: leave })
      request.on('error', () => {})
      const [response] = await once(request, 'response', { signal: leave }) as [IncomingMessage]
      const body = Buffer.concat(await response.toArray())
      const { statusCode, headers } = response
      if (statusCode !== 200 && statusCode !== 503) throw new Error(`a snapshot was answered ${statusCode}`)
      if (Number(headers['content-length']) !== body.length) throw new Error(`${body.length} bytes of ${headers['content-length']}`)
      const fault = headers['content-type'] === 'image/jpeg' ? jpegFault(body) : statusCode === 200 && 'no picture'
      if (fault) throw new Error(fault)
      if (statusCode === 200 && !(Number(headers['x-frame-age']) < MAX_SNAPSHOT_AGE_MS)) throw new Error(`a snapshot is ${headers['x-frame-age']} ms old`)
      if (statusCode === 200) saw()
    } while (await pause(random.between(...SNAPSHOT_INTERVAL_MS), leave))
  }
} satisfies Record<string, (visit: Visit) => Promise<void>>

function thinned (address: URL): URL {
  const to = new URL(address)
  to.searchParams.set('fps', '2')
  return to
}

export type Kind = keyof typeof kinds
export const KINDS = Object.keys(kinds) as Kind[]

/** A constant number of viewers: whenever one leaves, another comes, as long as there is something to watch. */
export class Crowd {
  readonly #maxViewers: number
  readonly #audience: Audience
  readonly #random: Random
  readonly #tally: Tally
  readonly #here = new Set<AbortController>()
  #visits: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor (maxViewers: number, audience: Audience, random: Random, tally: Tally) {
    this.#maxViewers = maxViewers
    this.#audience = audience
    this.#random = random
    this.#tally = tally
  }

  come (): void {
    this.#visits = Promise.all(Array.from({ length: this.#maxViewers }, async (_, index) => {
      const random = this.#random.fork(`viewer ${index}`)
      while (!this.#closed) await this.#visit(random)
    }))
  }

  /** From now on no viewer comes, and streams may end before their viewers leave. */
  expectTheEnd (): void {
    this.#closed = true
  }

  /** Idempotent; resolves when the last one has left. */
  async leave (): Promise<void> {
    this.#closed = true
    for (const leave of this.#here) leave.abort()
    await this.#visits
  }

  async #visit (random: Random): Promise<void> {
    const show = this.#audience.pick(random)
    if (!show) return sleep(NOTHING_ON_MS)
    const { address, over } = show
    const kind = random.pick(KINDS)
    const [min, max] = kind === 'stalled' ? LONG_STAY_MS : STAY_MS
    const own = new AbortController()
    const leave = AbortSignal.any([own.signal, over])
    const bell = setTimeout(() => own.abort(), random.between(min, max))
    this.#here.add(own)
    this.#tally.count(`visit ${kind}`)
    await kinds[kind]({ address, leave, random, saw: () => this.#tally.count(`picture ${kind}`) }).catch((error: Error) => {
      if (!leave.aborted && !this.#closed) this.#tally.violate(`a ${kind} viewer of ${address.pathname}${address.search}: ${error.message}`)
    })
    clearTimeout(bell)
    this.#here.delete(own)
  }
}
