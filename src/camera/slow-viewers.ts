import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Supervisor } from './supervisor.js'

const LOOK_INTERVAL_MS = 1_000
/** A camera whose viewers only skip frames is not logged again for this long. */
const LOG_INTERVAL_MS = 60_000

/** What was logged of a camera last, and when. */
interface Logged { readonly at: number, readonly dropped: number, readonly stalled: number, readonly movedDown: number }

/** Logs, seldom, that viewers skip frames or were disconnected because their connections are slow. */
export class SlowViewers {
  readonly #supervisors: readonly Supervisor[]
  readonly #clock: Clock
  readonly #log: Pick<Logger, 'info'>
  readonly #logged = new WeakMap<Supervisor, Logged>()
  #cancel = () => {}

  constructor (supervisors: readonly Supervisor[], clock: Clock, log: Pick<Logger, 'info'>) {
    this.#supervisors = supervisors
    this.#clock = clock
    this.#log = log
  }

  start (): void {
    this.stop()
    this.#cancel = this.#clock.after(LOOK_INTERVAL_MS, () => {
      this.#look()
      this.start()
    })
  }

  stop (): void {
    this.#cancel()
  }

  #look (): void {
    const skipped = this.#supervisors.flatMap(supervisor => this.#newsOf(supervisor) ?? [])
    if (skipped.length > 0) this.#log.info(`Pictures were skipped for viewers who are slow, or too many, so that none comes late: ${skipped.join(', ')}. /status tells of each viewer that is there.`)
  }

  /** What is new about this camera's viewers, if it is time to log it. */
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
