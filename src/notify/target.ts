import type { NotifyTarget } from '../config/notify/target.js'
import type { CameraState } from '../stream/status.js'
import type { Condition } from './condition.js'
import { Delivery, type DeliveryParts } from './delivery.js'
import { messageAbout } from './message.js'
import { newsFor, type News } from './news.js'

/** About 20 KB, which receivers take. */
const MAX_CAMERAS = 50

export type NamedState = { readonly id: string } & CameraState

/** What logs call the receiver at this place of `notify`. Whatever follows its host is secret. */
export const nameOf = (url: string, index: number): string => `${new URL(url).origin} (notify[${index}])`

export interface TargetParts extends DeliveryParts {
  /** How these cameras are now, without those that are gone. */
  readonly states: (ids: readonly string[]) => readonly NamedState[]
  /** Called when the target can take more. */
  readonly onIdle: () => void
}

/**
 * What one receiver was told, and has to be told. It holds one message and no queue: what happens while that is on its way is compared with what was told
 * only afterwards. So the receiver learns how things are, not how they were, and memory does not grow while it is away.
 */
export class Target {
  readonly #parts: TargetParts
  readonly #delivery: Delivery
  #settings: NotifyTarget
  #name: string
  readonly #down = new Set<string>()
  readonly #stopped = new Set<string>()
  /** Cameras that were here before. Of a new one, it is no news that it is stopped. */
  readonly #known = new Set<string>()
  #sending: Promise<void> | undefined
  #isClosed = false

  constructor (settings: NotifyTarget, name: string, parts: TargetParts) {
    this.#settings = settings
    this.#name = name
    this.#parts = parts
    this.#delivery = new Delivery(parts)
  }

  get settings (): NotifyTarget { return this.#settings }

  /** Takes over changed settings for the same URL. */
  apply (settings: NotifyTarget, name: string): void {
    this.#settings = settings
    this.#name = name
  }

  /** Sends what is news by now. Returns when time alone will bring more. */
  look (conditions: ReadonlyMap<string, Condition>): number {
    this.#meet(conditions)
    if (this.#sending || this.#isClosed) return Infinity
    const { news, nextAt } = newsFor(this.#settings, conditions, { down: this.#down, stopped: this.#stopped }, this.#parts.clock.now())
    const isWanted = ({ event }: News) => this.#settings.on.includes(event)
    for (const some of news) if (!isWanted(some)) this.#note(some, true)
    const first = news.find(isWanted)
    if (first) this.#sending = this.#send({ event: first.event, ids: first.ids.slice(0, MAX_CAMERAS) })
    return nextAt
  }

  /** A message that is on its way has this long to arrive. Resolves when nothing is under way. */
  async close (graceMs: number): Promise<void> {
    this.#isClosed = true
    this.#delivery.close(graceMs)
    await this.#sending
  }

  #meet (conditions: ReadonlyMap<string, Condition>): void {
    for (const [id, { isStopped }] of conditions) {
      if (isStopped && !this.#known.has(id)) this.#stopped.add(id)
      this.#known.add(id)
    }
    for (const set of [this.#known, this.#down, this.#stopped]) for (const id of set) if (!conditions.has(id)) set.delete(id)
  }

  /** Remembers what was told, or with `isTold` false, forgets it. */
  #note ({ event, ids }: News, isTold: boolean): void {
    const set = event === 'down' || event === 'up' ? this.#down : this.#stopped
    const isThere = (event === 'down' || event === 'stopped') === isTold
    for (const id of ids) {
      if (isThere) set.add(id)
      else set.delete(id)
    }
  }

  async #send (news: News): Promise<void> {
    const { clock, states, onIdle } = this.#parts
    this.#note(news, true)
    const isDecided = await this.#delivery.deliver(messageAbout(news.event, states(news.ids), clock.wall()), () => this.#settings, () => this.#name)
    if (!isDecided) this.#note(news, false) // it is told anew, as things are by then
    this.#sending = undefined
    if (!this.#isClosed) onIdle()
  }
}
