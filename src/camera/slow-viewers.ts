import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Supervisor } from './supervisor.js'

const CHECK_INTERVAL_MS = 1_000
/** While a camera's viewers only skip frames, log that no more often than this. */
const LOG_INTERVAL_MS = 60_000

/** A camera's last logged counts, and when they were logged. */
interface Logged { readonly at: number, readonly dropped: number, readonly stalled: number, readonly movedDown: number }

/** Logs, with long intervals, that viewers skip frames or were disconnected because their connections are slow. */
export class SlowViewers {
  readonly #supervisors: () => readonly Supervisor[]
  readonly #clock: Clock
  readonly #log: Pick<Logger, 'info'>
  readonly #logged = new WeakMap<Supervisor, Logged>()
  #cancel = () => {}

  constructor (supervisors: () => readonly Supervisor[], clock: Clock, log: Pick<Logger, 'info'>) {
    this.#supervisors = supervisors
    this.#clock = clock
    this.#log = log
  }

  start (): void {
    this.stop()
    this.#cancel = this.#clock.after(CHECK_INTERVAL_MS, () => {
      this.#check()
      this.start()
    })
  }

  stop (): void {
    this.#cancel()
  }

  #check (): void {
    const skipped = this.#supervisors().flatMap(supervisor => this.#newsOf(supervisor) ?? [])
    if (skipped.length > 0) this.#log.info(`Pictures were skipped for viewers who are slow, or too many, so that none comes late: ${skipped.join(', ')}. /status lists the viewers that are connected.`)
  }

  /** What to log about this camera's viewers; undefined if nothing has changed or it is too early. */
  #newsOf (supervisor: Supervisor): string | undefined {
    const { camera, hubs, movedDown } = supervisor
    const now = this.#clock.now()
    const [dropped, stalled] = [sum(hubs.map(hub => hub.dropped)), sum(hubs.map(hub => hub.stalled))]
    const logged = this.#logged.get(supervisor) ?? { at: -Infinity, dropped: 0, stalled: 0, movedDown: 0 }
    if (stalled === logged.stalled && (dropped === logged.dropped || now - logged.at < LOG_INTERVAL_MS)) return undefined
    this.#logged.set(supervisor, { at: now, dropped, stalled, movedDown })
    const [letGo, moved] = [stalled - logged.stalled, movedDown - logged.movedDown]
    return `${camera.name} (${dropped - logged.dropped}${moved ? `; moved to a smaller rendition: ${moved}` : ''}${letGo ? `; let go after 15 s in which they took next to nothing: ${letGo}` : ''})`
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
