import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import type { Metric, Registry } from 'prom-client'
import type { Family, Sample } from './family.js'

/** How often the event loop is looked at: every 10 ms, which is the library's default, costs 0.3 % of a processor, this a third of that. An idle loop's lag is shown as this long. */
const LOOP_SAMPLE_INTERVAL_MS = 50

/** Writes families of series in the text format of Prometheus. Alone knows prom-client, and loads it when somebody asks for the first time: most never do, and it takes 4 MB. */
export class Exposition {
  readonly #families: Family[] = []
  readonly #describesProcess: boolean
  #registry: Promise<Registry> | undefined
  #writing: Promise<Buffer> | undefined

  /** With `describesProcess`, it also has series about Node.js and the process, from the first time on that somebody asks. */
  constructor ({ describesProcess = false } = {}) {
    this.#describesProcess = describesProcess
  }

  /** Call it before anybody asks. */
  add (families: Iterable<Family>): void {
    this.#families.push(...families)
  }

  /**
   * In UTF-8. Whoever asks while it is being written gets the same: two servers that scrape at once cost as much as one, and neither resets what the
   * other is about to read. They share the bytes, because each client that reads slowly would otherwise keep a copy of a megabyte.
   */
  text (): Promise<Buffer> {
    this.#writing ??= this.#write().finally(() => { this.#writing = undefined })
    return this.#writing
  }

  /** One family at a time: viewers get their pictures in between. */
  async #write (): Promise<Buffer> {
    const registry = await (this.#registry ??= this.#load())
    const texts: string[] = []
    for (const { name } of registry.getMetricsAsArray()) {
      texts.push(await registry.getSingleMetricAsString(name))
      await turn()
    }
    return Buffer.from(`${texts.join('\n\n')}\n`)
  }

  async #load (): Promise<Registry> {
    const { collectDefaultMetrics, Registry } = await import('prom-client')
    const registry = new Registry()
    for (const family of this.#families) registry.registerMetric(metricOf(family))
    if (this.#describesProcess) {
      collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_SAMPLE_INTERVAL_MS })
      for (let wait = 0; wait < 3; wait++) await delay(LOOP_SAMPLE_INTERVAL_MS) // without a sample, which needs two looks, the library writes nonsense. One long wait could end in the same turn as the first look
    }
    return registry
  }
}

/** The library's own metrics would be set one by one, and hash the labels each time. A registry asks a metric only for this. */
function metricOf ({ name, type, help, samples }: Family): Metric {
  const get = async () => ({ name, type, help, values: samples().map(sample => valueOf(name, sample)) })
  return { name, get } as unknown as Metric
}

const valueOf = (name: string, { labels = {}, value, suffix }: Sample) => ({ metricName: suffix ? name + suffix : name, labels, value })
