import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Supervisor } from './supervisor.js'

/** How often it looks, and so how often there is a line at most; and how long a camera is not spoken of again for skipped frames alone: milliseconds. */
const EVERY = 1_000
const QUIET = 60_000

/** Says in the log, seldom, that viewers skip frames, or were let go, because their connections are slow. */
export class SlowViewers {
  readonly #supervisors: readonly Supervisor[]
  readonly #clock: Clock
  readonly #log: Pick<Logger, 'info'>
  /** What was said of each camera, and when. */
  readonly #said = new Map<string, { at: number, dropped: number, stalled: number, movedDown: number }>()
  #callOff = () => {}

  constructor (supervisors: readonly Supervisor[], clock: Clock, log: Pick<Logger, 'info'>) {
    this.#supervisors = supervisors
    this.#clock = clock
    this.#log = log
  }

  start (): void {
    this.stop()
    this.#callOff = this.#clock.after(EVERY, () => {
      this.#look()
      this.start()
    })
  }

  stop (): void {
    this.#callOff()
  }

  #look (): void {
    const now = this.#clock.now()
    const skipped = this.#supervisors.flatMap(({ camera: { id, name }, hubs, movedDown }) => {
      const [dropped, stalled] = [sum(hubs.map(hub => hub.dropped)), sum(hubs.map(hub => hub.stalled))]
      const said = this.#said.get(id) ?? { at: -Infinity, dropped: 0, stalled: 0, movedDown: 0 }
      if (stalled === said.stalled && (dropped === said.dropped || now - said.at < QUIET)) return []
      this.#said.set(id, { at: now, dropped, stalled, movedDown })
      const [letGo, moved] = [stalled - said.stalled, movedDown - said.movedDown]
      return [`${name} (${dropped - said.dropped}${moved ? `; moved to a smaller rendition: ${moved}` : ''}${letGo ? `; let go after 15 s in which they took next to nothing: ${letGo}` : ''})`]
    })
    if (skipped.length > 0) this.#log.info(`Pictures were skipped for viewers who are slow, or too many, so that none comes late: ${skipped.join(', ')}. /status tells of each viewer that is there.`)
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
