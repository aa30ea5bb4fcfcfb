import type { Clock } from '../clock.js'
import { ANSWER_WITHIN } from '../ingest/connect.js'
import type { RtspClient } from './rtsp-client.js'

/** Part of the session's timeout until the next one, and for its answer: one that stays out leaves time for another. */
const SHARE = 1 / 3
/** Milliseconds; not so often that it is a load. */
const LEAST = 1_000
const MOST = 30_000

/**
 * Tells the camera that we are still there. A camera that refuses how we say it is asked otherwise; no answer to this ever ends a
 * session that plays (scottlamb/retina issues 133, 136; bluenviron/mediamtx issues 842, 2908).
 */
export class KeepAlive {
  readonly #dialogue: RtspClient
  readonly #clock: Clock
  #method: 'GET_PARAMETER' | 'OPTIONS'
  #callOff = () => {}
  #stopped = false

  /** `offered` is the camera's Public header. */
  constructor (dialogue: RtspClient, offered: readonly string[], clock: Clock) {
    this.#dialogue = dialogue
    this.#clock = clock
    this.#method = offered.some(methods => /\bGET_PARAMETER\b/i.test(methods)) ? 'GET_PARAMETER' : 'OPTIONS'
  }

  /** `timeout` of the session in seconds. */
  start (url: string, timeout: number): void {
    if (this.#stopped) return
    const after = Math.min(MOST, Math.max(LEAST, 1_000 * SHARE * timeout))
    this.#callOff = this.#clock.after(after, () => {
      void this.#say(url, Math.min(ANSWER_WITHIN, after)).then(() => this.start(url, timeout))
    })
  }

  stop (): void {
    this.#stopped = true
    this.#callOff()
  }

  async #say (url: string, within: number): Promise<void> {
    const asked = this.#method
    const { status } = await this.#dialogue.ask(asked, url, {}, within).catch(() => ({ status: Infinity })) // whether the session lives, its pictures tell
    if (status < 400 || asked === 'OPTIONS' || this.#stopped) return
    this.#method = 'OPTIONS'
    await this.#say(url, within) // at once: the session may not last until the next turn
  }
}
