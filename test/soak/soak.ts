import { setMaxListeners } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../src/errors.js'
import { secret } from '../e2e/credentials.js'
import { childrenOf, isAlive } from '../e2e/processes.js'
import { startService, type Scope, type Service } from '../e2e/service.js'
import { until } from '../e2e/until.js'
import { Audience } from './audience.js'
import { cameras, FaultyCameras, ingestOf, isDecoded } from './faulty-cameras.js'
import { ffmpegsOf, zombiesOf } from './ffmpegs.js'
import { growth, Invariants } from './invariants.js'
import { killMany, killRandomly, press, pressButtons } from './interference.js'
import { Random } from './random.js'
import { Tally } from './tally.js'
import { Crowd } from './viewers.js'

/** From the last fault until all cameras run. The longest wait is a minute: a start by hand after a wrong password. */
const RECOVERY_TIMEOUT_MS = 70_000
const SHUTDOWN_TIMEOUT_MS = 3_000
/** A decoder is kept for 10 s after its last viewer. */
const UNWATCHED_TIMEOUT_MS = 15_000
const REPORT_INTERVAL_MS = 5_000
/** Of the cameras that are decoded while somebody watches. */
const renditions = { small: { width: 160 } }
const credentials = { username: secret('admin'), password: secret('@ /') }

export interface SoakOptions {
  /** Reproduces all random decisions, but not their exact times. */
  readonly seed: number
  /** Milliseconds of faults, kills and buttons. */
  readonly chaos: number
  readonly viewers: number
  /** How many ffmpegs are killed in a row after the chaos. */
  readonly kills: number
  /** Where to write the service's cameras.yaml. */
  readonly folder: string
  readonly say: (line: string) => void
}

/** Runs the real service under faults, kills and button presses. Then these end: the service must recover, and leave nothing behind when it stops. */
export async function soak (scope: Scope, { seed, chaos, viewers, kills, folder, say }: SoakOptions): Promise<Tally> {
  const random = new Random(seed)
  const over = new AbortController()
  const tally = new Tally(over)
  const faulty = await FaultyCameras.start(cameras(credentials))
  scope.teardown(() => faulty.simulator.close())
  const service = await startService(scope, { config: write(join(folder, 'cameras.yaml'), faulty) })
  await allRun(service, faulty)

  const invariants = new Invariants(service, faulty, viewers, tally)
  const paths = faulty.ids.flatMap(id => [id, ...isDecoded(id) ? [`${id}?rendition=small`] : []])
  const audience = new Audience(paths.map(path => new URL(`camera/${path}`, service.url)))
  const crowd = new Crowd(viewers, audience, random.fork('viewers'), tally)
  scope.teardown(() => crowd.leave())
  invariants.watch()
  crowd.come()
  const reporting = setInterval(() => say(`${invariants} · ${tally.all('picture').toLocaleString('en')} pictures`), REPORT_INTERVAL_MS)
  const phases: Record<string, () => Promise<unknown>> = {
    async chaos () {
      const calm = new AbortController()
      setMaxListeners(0, calm.signal) // everybody listens to it
      over.signal.addEventListener('abort', () => calm.abort())
      const timer = setTimeout(() => calm.abort(), chaos)
      await Promise.all([
        faulty.injectFaults(random.fork('faults'), tally, calm.signal),
        audience.vary(random.fork('audience'), tally, calm.signal),
        pressButtons(service, faulty.ids, random.fork('buttons'), tally, calm.signal),
        killRandomly(service, random.fork('kills'), tally, calm.signal)
      ])
      clearTimeout(timer)
      for (const what of growth(invariants.samples)) tally.violate(what)
    },
    async recovery () {
      audience.open()
      await faulty.endFaults()
      const { cameras } = await service.status()
      // A camera that was stopped by hand stays stopped, and one with a wrong password waits five minutes: start these by hand.
      const helpless = faulty.ids.filter(id => cameras[id]!.state === 'stopped' || cameras[id]!.failure?.code === 'auth')
      await Promise.all(helpless.map(id => press(service, 'start', id)))
      await allRun(service, faulty)
    },
    async kills () {
      await killMany(service, faulty.ids, kills, tally, over.signal)
      await allRun(service, faulty)
      await until('no zombie is left', () => zombiesOf(service.pid).length === 0)
    },
    async unwatched () {
      const readers = faulty.ids.filter(id => ingestOf(id) === 'ffmpeg').length
      audience.close()
      await until('the only processes left are those that read a camera', () => childrenOf(service.pid).length === readers, UNWATCHED_TIMEOUT_MS)
      const { cameras } = await service.status()
      for (const id of faulty.ids) if (cameras[id]!.state !== 'running') throw new Error(`${id} is ${cameras[id]!.state} when nobody watches`)
      audience.open()
      await allRun(service, faulty)
    },
    async end () {
      const children = ffmpegsOf(service.pid)
      invariants.rest()
      crowd.expectTheEnd()
      const { code, ms } = await service.end()
      if (code !== 0 || ms > SHUTDOWN_TIMEOUT_MS) throw new Error(`the service ended with code ${code} after ${ms} ms`)
      await until('its last connection to a camera is closed', () => faulty.ids.every(id => faulty.simulator.stats(id).connections === 0), 1_000)
      const left = children.filter(isAlive)
      if (left.length > 0) throw new Error(`processes ${left.join()} are left`)
    }
  }
  for (const [name, phase] of Object.entries(phases)) {
    if (over.signal.aborted) break
    say(name)
    await phase().catch((error: unknown) => tally.violate(`${name}: ${messageOf(error)}`))
  }
  clearInterval(reporting)
  invariants.rest()
  await crowd.leave()
  return tally
}

function write (file: string, { ids, simulator }: FaultyCameras): string {
  const entries = ids.map(id => [id, { source: simulator.url(id), ingest: ingestOf(id), ...isDecoded(id) && { renditions }, ...credentials }] as const)
  writeFileSync(file, JSON.stringify({ cameras: Object.fromEntries(entries) })) // JSON is YAML
  return file
}

async function allRun (service: Service, { ids }: FaultyCameras): Promise<void> {
  await service.until(({ cameras }) => ids.every(id => cameras[id]!.state === 'running'), 'all cameras run', RECOVERY_TIMEOUT_MS)
  for (const id of ids) {
    const shows = async () => (await fetch(new URL(`camera/${id}/snapshot`, service.url))).status === 200
    await until(`${id} shows pictures`, shows, RECOVERY_TIMEOUT_MS)
  }
}
