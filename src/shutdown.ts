import { isatty } from 'node:tty'
import type { Logger } from 'pino'

/** sysexits.h: what a supervisor such as systemd or Docker, and a person, can tell apart. */
export const EXIT = { usage: 64, unavailable: 69, software: 70, output: 74, config: 78 } as const

/** Whatever still hangs after so long (milliseconds) is left behind: camgate ends within 3 s. */
const DEADLINE = 2_800

type Close = () => Promise<unknown>

/**
 * Closes what was opened, the last first, when a signal or an unexpected error comes, and ends the process. A second Ctrl+C
 * changes nothing: `npm start` passes on what the terminal has sent already.
 */
export class Shutdown {
  readonly #log: Logger
  readonly #opened: Close[] = []
  #ending: Promise<never> | undefined
  /** Aborts at once when the end has begun: for what is still being started. */
  readonly #begun = new AbortController()

  constructor (log: Logger) {
    this.#log = log
    for (const signal of ['SIGINT', 'SIGTERM', ...hasTerminal() ? ['SIGHUP'] : []]) {
      process.on(signal, () => {
        if (!this.#ending) log.info(`${signal}: stopping`)
        void this.end(0)
      })
    }
    if (!hasTerminal()) process.on('SIGHUP', () => log.info('SIGHUP: going on, because there is no terminal that could have been closed'))
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => {
        log.fatal({ err: error }, 'Unexpected error: stopping. Please report it with the lines above.')
        void this.end(EXIT.software)
      })
    }
  }

  get signal (): AbortSignal { return this.#begun.signal }

  /** `close` is called at the end, before those that were given earlier. What is still being started may go on giving. */
  add (close: Close): void {
    this.#opened.push(close)
  }

  /** Idempotent: the first code stands. */
  end (code: number): Promise<never> {
    this.#ending ??= this.#close(code)
    return this.#ending
  }

  async #close (code: number): Promise<never> {
    this.#begun.abort()
    const hung = setTimeout(() => {
      this.#log.error('Not everything has stopped in time: leaving it behind')
      process.exit(code)
    }, DEADLINE)
    for (let close = this.#opened.pop(); close; close = this.#opened.pop()) {
      await close().catch((error: unknown) => this.#log.error({ err: error }, 'Could not stop in order'))
    }
    clearTimeout(hung)
    this.#log.info('stopped')
    process.exit(code)
  }
}

/**
 * nohup lets go of the terminal and ignores SIGHUP, but Node.js sets every signal back to what it does by itself (ResetSignalHandlers in its
 * node.cc), so that the terminal is all there is to tell it by.
 */
const hasTerminal = (): boolean => [0, 1, 2].some(descriptor => isatty(descriptor))
