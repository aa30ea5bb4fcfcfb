import type { LimitedCamera, ViewerLimit } from './viewer-limit.js'

/**
 * The seats of one connection that shows many pictures: one for each. While it shows none, it is counted as one idle connection, because uncounted ones
 * could take up the connections that are reserved for control.
 */
export class ConnectionSeats {
  readonly #limit: ViewerLimit
  readonly #network: string
  #taken = 0
  #leave: () => void
  #isEnded = false

  /** @throws {CamgateError} TOO_MANY_VIEWERS */
  constructor (limit: ViewerLimit, network: string) {
    this.#limit = limit
    this.#network = network
    limit.checkConnections()
    this.#leave = limit.countIdle()
  }

  /** For one picture. Returns a function that frees it; idempotent. @throws {CamgateError} TOO_MANY_VIEWERS */
  take (camera: LimitedCamera): () => void {
    this.#leave()
    let release: (() => void) | undefined
    try {
      release = this.#limit.take(camera, this.#network)
    } finally {
      if (release) this.#taken++
      else this.#sitDown()
    }
    return () => {
      if (!release) return
      release()
      release = undefined
      this.#taken--
      this.#sitDown()
    }
  }

  /** Call it when the connection has closed. */
  end (): void {
    this.#isEnded = true
    this.#leave()
  }

  #sitDown (): void {
    if (this.#taken === 0 && !this.#isEnded) this.#leave = this.#limit.countIdle()
  }
}
