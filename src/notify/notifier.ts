import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { CameraPlace } from '../config/notify/camera-places.js'
import type { NotifyTarget } from '../config/notify/target.js'
import { secretsOfNotify } from '../config/secrets.js'
import type { CameraEvents } from '../events/camera-events.js'
import { addSecrets } from '../text/redact.js'
import { resolveBySystem, type Resolve } from './addresses.js'
import { CameraAddresses } from './camera-addresses.js'
import { nextCondition, type Condition } from './condition.js'
import type { Counts } from './delivery.js'
import { post, type Outcome, type Post } from './post.js'
import { nameOf, Target } from './target.js'

/** Changes within this time are told together: a switch that fails takes many cameras with it. */
const BUNDLE_MS = 1_000
/** camgate has 2.8 s to end, and its processes need 2 of them. */
const CLOSE_GRACE_MS = 500

export interface NotifierParts {
  readonly events: Pick<CameraEvents, 'newest' | 'after' | 'all' | 'order' | 'onChange'>
  readonly targets: readonly NotifyTarget[]
  /** Where the cameras are now. */
  readonly places: () => readonly CameraPlace[]
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly random: () => number
  readonly resolve?: Resolve
  readonly post?: typeof post
}

const everything = () => true

/** Tells the targets of `notify` what happens to cameras. */
export class Notifier {
  readonly #parts: NotifierParts
  readonly #addresses: CameraAddresses
  #unsubscribe = () => {}
  #isStarted = false
  readonly #conditions = new Map<string, Condition>()
  #seen = -1
  #targets: Target[] = []
  #forgetSecrets = () => {}
  #cancel = () => {}
  #lookAt = Infinity
  readonly counts: Counts = { delivered: 0, retried: 0, 'given-up': 0 }

  constructor (parts: NotifierParts) {
    this.#parts = parts
    this.#addresses = new CameraAddresses(parts.resolve ?? resolveBySystem, parts.clock)
    this.apply(parts.targets)
  }

  /** Once the cameras have been started: what they are then is no news, unless they fail. */
  start (): void {
    this.#isStarted = true
    this.#unsubscribe = this.#parts.events.onChange(this.#lookSoon)
    this.#lookSoon()
  }

  /** Takes over changed targets. One with the same URL goes on with what it was told. */
  apply (targets: readonly NotifyTarget[]): void {
    const forget = this.#forgetSecrets
    this.#forgetSecrets = addSecrets(secretsOfNotify(targets))
    forget()
    const former = [...this.#targets]
    this.#targets = targets.map((settings, index) => {
      const name = nameOf(settings.url, index)
      const at = former.findIndex(target => target.settings.url === settings.url)
      const [kept] = at < 0 ? [] : former.splice(at, 1)
      kept?.apply(settings, name)
      return kept ?? new Target(settings, name, { ...this.#parts, counts: this.counts, post: this.#post, states: this.#states, onIdle: () => this.#lookBy(this.#parts.clock.now()) })
    })
    for (const target of former) void target.close(0)
    if (this.#isStarted) this.#lookSoon()
  }

  /** Resolves when nothing is under way, after a moment at most. */
  async close (): Promise<void> {
    this.#unsubscribe()
    this.#cancel()
    await Promise.all(this.#targets.map(target => target.close(CLOSE_GRACE_MS)))
  }

  readonly #lookSoon = (): void => this.#lookBy(this.#parts.clock.now() + BUNDLE_MS)

  #lookBy (at: number): void {
    if (at >= this.#lookAt) return
    this.#cancel()
    const { clock } = this.#parts
    this.#lookAt = at
    this.#cancel = clock.after(Math.max(0, at - clock.now()), () => this.#look())
  }

  #look (): void {
    const { events, clock } = this.#parts
    this.#cancel()
    this.#lookAt = Infinity
    for (const event of events.after(this.#seen, everything)) {
      if (event.kind === 'camera') this.#conditions.set(event.id, nextCondition(this.#conditions.get(event.id), event.camera, clock.now()))
    }
    this.#seen = events.newest
    const ids = new Set(events.order(everything))
    for (const id of this.#conditions.keys()) if (!ids.has(id)) this.#conditions.delete(id)
    const nextAt = Math.min(...this.#targets.map(target => target.look(this.#conditions)))
    if (nextAt < Infinity) this.#lookBy(nextAt + BUNDLE_MS)
  }

  readonly #states = (ids: readonly string[]) => {
    const wanted = new Set(ids)
    return Object.entries(this.#parts.events.all(id => wanted.has(id))).map(([id, state]) => ({ id, ...state }))
  }

  readonly #post = async (message: Post, signal: AbortSignal): Promise<Outcome> => {
    const { clock, places, resolve = resolveBySystem, post: send = post } = this.#parts
    return await send(message, { clock, resolve, signal, places: await this.#addresses.resolved(places(), signal) })
  }
}
