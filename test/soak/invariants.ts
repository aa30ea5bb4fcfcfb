import { readdirSync, readFileSync } from 'node:fs'
import { quantile } from '../../bench/table.js'
import { messageOf } from '../../src/errors.js'
import type { CameraStatus, RenditionStatus } from '../../src/stream/status.js'
import type { Service, ServiceStatus } from '../e2e/service.js'
import { repeatRandomly } from './repeat.js'
import type { FaultyCameras } from './faulty-cameras.js'
import { ffmpegsOf, zombiesOf } from './ffmpegs.js'
import { Random } from './random.js'
import type { Tally } from './tally.js'

const POLL_MS = [400, 600] as const
/** How long a violation may last, because two processes are never seen at the same instant. */
const TOLERANCE_MS = 3_000
const MAX_AGE_MS = 1_000

/** One sample of the service. */
export interface Sample { readonly status: ServiceStatus, readonly ffmpegs: number, readonly descriptors: number, readonly megabytes: number }

/** Checks twice a second what must always hold. */
export class Invariants {
  readonly samples: Sample[] = []
  readonly #service: Service
  readonly #faulty: FaultyCameras
  readonly #maxViewers: number
  readonly #tally: Tally
  readonly #since = new Map<string, number>()
  readonly #rest = new AbortController()

  constructor (service: Service, faulty: FaultyCameras, maxViewers: number, tally: Tally) {
    this.#service = service
    this.#faulty = faulty
    this.#maxViewers = maxViewers
    this.#tally = tally
  }

  watch (): void {
    const { signal } = this.#rest
    void repeatRandomly(new Random(0), POLL_MS, signal, () => this.#look().catch((error: unknown) => {
      if (!signal.aborted) this.#tally.violate(`the service could not be inspected: ${messageOf(error)}`)
    }))
  }

  rest (): void { this.#rest.abort() }

  /** The last sample in one line. */
  toString (): string {
    const last = this.samples.at(-1)
    if (!last) return 'not seen yet'
    const states = Object.values(last.status.cameras).map(({ state }) => state).sort()
    const each = [...new Set(states)].map(state => `${states.filter(other => other === state).length} ${state}`)
    return `${each.join(', ')} · ${viewersIn(last)} viewers · ${last.ffmpegs} ffmpegs · ${last.descriptors} descriptors · ${last.megabytes} MB`
  }

  async #look (): Promise<void> {
    const { pid } = this.#service
    const { ids, simulator } = this.#faulty
    const ffmpegs = ffmpegsOf(pid).length
    const sample = { status: await this.#service.status(), ffmpegs, descriptors: descriptorsOf(pid), megabytes: megabytesOf(pid) }
    this.samples.push(sample)
    this.#onlyForAMoment([
      ...ids.filter(id => simulator.stats(id).connections > 1).map(id => `${id} has two clients`),
      ...zombiesOf(pid).map(zombie => `process ${zombie} is a zombie`),
      ...ffmpegs > ffmpegsIn(sample) ? ['there are more ffmpegs than the status tells'] : [],
      ...ids.filter(id => isOld(sample.status.cameras[id]!)).map(id => `${id} is read, and decoded, but its picture is old`),
      ...viewersIn(sample) > this.#maxViewers ? ['more viewers are counted than there are'] : []
    ])
  }

  #onlyForAMoment (seen: string[]): void {
    const now = performance.now()
    for (const what of this.#since.keys()) if (!seen.includes(what)) this.#since.delete(what)
    for (const what of seen) {
      const since = this.#since.get(what) ?? now
      this.#since.set(what, since)
      if (now - since > TOLERANCE_MS) this.#tally.violate(`for ${TOLERANCE_MS} ms ${what}`)
    }
  }
}

/** Half a minute of samples. A shorter run is all warming up: its viewers are still coming. */
const MIN_SAMPLES = 60

/** Returns what still grows from the second third of the samples to the last. The first third is for warming up. */
export function growth (samples: readonly Sample[]): string[] {
  if (samples.length < MIN_SAMPLES) return []
  const third = Math.floor(samples.length / 3)
  const median = (from: number, of: (sample: Sample) => number) => quantile(samples.slice(from, from + third).map(of), 0.5)
  const grows = (what: string, of: (sample: Sample) => number, grace: number) => {
    const [before, after] = [median(third, of), median(2 * third, of)]
    return after > before * 1.2 + grace ? [`${what} went from ${before} to ${after}`] : []
  }
  return [
    ...grows('memory in MB', ({ megabytes }) => megabytes, 20),
    ...grows('file descriptors', ({ descriptors }) => descriptors, 30)
  ]
}

const picturesIn = ({ status }: Sample): RenditionStatus[] => Object.values(status.cameras).flatMap(camera => [camera, ...Object.values(camera.renditions)])
const viewersIn = (sample: Sample): number => picturesIn(sample).reduce((sum, { viewers }) => sum + viewers, 0)

/** How many ffmpegs may be there: one for each camera that ffmpeg reads, or may read, and for each decoder, of a camera or a rendition, that is not at rest. */
const ffmpegsIn = ({ status }: Sample): number => Object.values(status.cameras)
  .flatMap(({ state, input, decoder, renditions }) => [input?.ingest === 'direct' ? decoder : { state }, ...Object.values(renditions)])
  .filter(each => each && ['starting', 'running', 'stopping'].includes(each.state)).length

const isOld = ({ decoder, input, frameAgeMs }: CameraStatus): boolean =>
  decoder?.state === 'running' && input?.pictureAgeMs != null && input.pictureAgeMs < MAX_AGE_MS && !(frameAgeMs! < MAX_AGE_MS)
const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length
const megabytesOf = (pid: number): number => Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
