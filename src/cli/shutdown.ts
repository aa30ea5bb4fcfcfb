import { isatty } from 'node:tty'
import type { Logger } from 'pino'
import { EXIT } from './exit.js'

/** Exit after this time even if something has not closed: camgate promises to end within 3 s. */
const CLOSE_TIMEOUT_MS = 2_800

type Close = () => Promise<unknown>

/**
 * On a signal or an unexpected error, closes everything in reverse order and ends the process. Ignores further signals: one Ctrl+C
 * may cause two, one from the terminal and one from `npm start`.
 */
export class Shutdown {
  readonly #log: Logger
  readonly #opened: Close[] = []
  #ending: Promise<never> | undefined
  #hangUp: (() => void) | undefined
  /** Aborted as soon as the shutdown begins, for work that is still starting. */
  readonly #begun = new AbortController()

  constructor (log: Logger) {
    this.#log = log
    for (const signal of ['SIGINT', 'SIGTERM', ...hasTerminal() ? ['SIGHUP'] : []]) {
      process.on(signal, () => {
        if (!this.#ending) log.info(`${signal}: stopping`)
        void this.end(0)
      })
    }
    if (!hasTerminal()) {
      process.on('SIGHUP', () => {
        if (this.#hangUp && !this.#ending) this.#hangUp()
        else log.info('SIGHUP: going on, because there is no terminal that could have been closed')
      })
    }
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        log.fatal({ err: error }, 'Unexpected error: stopping. Please report it with the lines above.')
        void this.end(EXIT.software)
      })
    }
  }

  get signal (): AbortSignal { return this.#begun.signal }

  /** Adds a `close` to call on shutdown, before those added earlier. Still allowed once the shutdown has begun. */
  add (close: Close): void {
    this.#opened.push(close)
  }

  /** Calls this on SIGHUP, if there is no terminal: with one, the signal says that it was closed. */
  onHangUp (hangUp: () => void): void { this.#hangUp = hangUp }

  /** Idempotent: the first code counts. */
  end (code: number): Promise<never> {
    this.#ending ??= this.#close(code)
    return this.#ending
  }

  async #close (code: number): Promise<never> {
    this.#begun.abort()
    const hung = setTimeout(() => {
      this.#log.error('Not everything has stopped in time: leaving it behind')
      process.exit(code)
    }, CLOSE_TIMEOUT_MS)
    for (let close = this.#opened.pop(); close; close = this.#opened.pop()) {
      await close().catch((error: unknown) => this.#log.error({ err: error }, 'Could not stop cleanly'))
    }
    clearTimeout(hung)
    this.#log.info('stopped')
    process.exit(code)
  }
}

/**
 * nohup detaches from the terminal and makes its program ignore SIGHUP, but Node.js resets every signal to its default (ResetSignalHandlers
 * in its node.cc). So only the missing terminal shows that nohup was used.
 */
const hasTerminal = (): boolean => [0, 1, 2].some(descriptor => isatty(descriptor))
