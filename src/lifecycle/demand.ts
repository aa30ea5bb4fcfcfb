import type { Clock } from '../clock.js'

/** A process that makes pictures on demand keeps running this long after the last viewer, so that a reloaded page finds it running. */
export const LINGER_MS = 10_000

/** A hub, as far as demand for its pictures goes. */
interface Watched {
  readonly viewers: number
  on (event: 'watched' | 'unwatched', listener: () => void): unknown
}

/** Whether a stream's pictures are needed: while it has viewers, and for a while after the last. */
export class Demand {
  readonly #hub: Watched
  #isLingering = false
  #cancel = () => {}

  /** `changed` is called when a viewer comes to an unwatched stream, when the last one leaves, and after the linger. */
  constructor (hub: Watched, clock: Clock, changed: () => void) {
    this.#hub = hub
    hub.on('watched', () => {
      this.#isLingering = false
      this.#cancel()
      changed()
    })
    hub.on('unwatched', () => {
      this.#isLingering = true
      this.#cancel = clock.after(LINGER_MS, () => {
        this.#isLingering = false
        changed()
      })
      changed()
    })
  }

  /** Nobody comes any more: there is nobody to linger for. */
  close (): void {
    this.#isLingering = false
    this.#cancel()
  }

  /** Null if nobody needs pictures. */
  get reason (): 'viewers' | 'linger' | null { return this.#hub.viewers > 0 ? 'viewers' : this.#isLingering ? 'linger' : null }
}
