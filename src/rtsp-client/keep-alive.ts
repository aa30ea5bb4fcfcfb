import type { Clock } from '../clock.js'
import { ANSWER_TIMEOUT_MS } from '../ingest/connect.js'
import type { RtspClient } from './rtsp-client.js'

/** The share of the session's timeout between two requests, and for each answer: if one is lost, there is time for another. */
const TIMEOUT_SHARE = 1 / 3
const MIN_INTERVAL_MS = 1_000
const MAX_INTERVAL_MS = 30_000

/**
 * Keeps a session alive. If the camera refuses the method, another one is used. No answer ever ends a session that plays
 * (scottlamb/retina issues 133, 136; bluenviron/mediamtx issues 842, 2908).
 */
export class KeepAlive {
  readonly #client: RtspClient
  readonly #clock: Clock
  #method: 'GET_PARAMETER' | 'OPTIONS'
  #cancel = () => {}
  #stopped = false

  /** `offered` is the camera's Public header. */
  constructor (client: RtspClient, offered: readonly string[], clock: Clock) {
    this.#client = client
    this.#clock = clock
    this.#method = offered.some(methods => /\bGET_PARAMETER\b/i.test(methods)) ? 'GET_PARAMETER' : 'OPTIONS'
  }

  /** `timeout` is the session's, in seconds. */
  start (url: string, timeout: number): void {
    if (this.#stopped) return
    const interval = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, 1_000 * TIMEOUT_SHARE * timeout))
    this.#cancel = this.#clock.after(interval, () => {
      void this.#send(url, Math.min(ANSWER_TIMEOUT_MS, interval)).then(() => this.start(url, timeout))
    })
  }

  stop (): void {
    this.#stopped = true
    this.#cancel()
  }

  async #send (url: string, timeoutMs: number): Promise<void> {
    const method = this.#method
    const { status } = await this.#client.ask(method, url, {}, timeoutMs).catch(() => ({ status: Infinity })) // its pictures show whether the session lives
    if (status < 400 || method === 'OPTIONS' || this.#stopped) return
    this.#method = 'OPTIONS'
    await this.#send(url, timeoutMs) // at once: the session may not last until the next turn
  }
}
