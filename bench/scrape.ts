import { pino } from 'pino'
import { Fleet } from '../src/camera/fleet.js'
import { systemClock } from '../src/clock.js'
import { StartLimiter } from '../src/lifecycle/start-limiter.js'
import { cameraFamilies } from '../src/metrics/camera-families.js'
import { Exposition } from '../src/metrics/exposition.js'
import { camera, FakeLaunch } from '../test/fake-launch.js'
import { quantile, table } from './table.js'

const ROUNDS = 50
const WARM_UP_ROUNDS = 20

/** What it costs to answer Prometheus: the CPU time of one answer, and how long the event loop waits for it at most. */
export async function scrape (): Promise<string> {
  const rows: string[][] = []
  for (const count of [10, 100, 500]) rows.push(await measure(count))
  return `${table(['cameras', 'series', 'kB', 'CPU ms', 'longest hold ms p50', 'p95'], rows)}

In one process, with cameras whose attempts are played: all send H.264, and have failed in five ways before, so that each has as many series as a camera can have. *Longest hold*: the longest time in one answer in which nothing else could run, as CPU time. ${ROUNDS} answers after ${WARM_UP_ROUNDS}.`
}

async function measure (count: number): Promise<string[]> {
  const exposition = new Exposition({ describesProcess: true })
  exposition.add(cameraFamilies(await running(count), systemClock))
  for (let round = 0; round < WARM_UP_ROUNDS; round++) await exposition.text()
  const [before, holds] = [cpuMs(), [] as number[]]
  let text: Buffer = Buffer.alloc(0)
  for (let round = 0; round < ROUNDS; round++) holds.push(await longestHold(async () => { text = await exposition.text() }))
  const used = cpuMs() - before
  const series = text.toString().split('\n').filter(line => line !== '' && !line.startsWith('#')).length
  return [count, series, Math.round(text.length / 1_000), ...[used / ROUNDS, quantile(holds, 0.5), quantile(holds, 0.95)].map(ms => ms.toFixed(1))].map(String)
}

/** Cameras with all their series. */
async function running (count: number): Promise<Fleet> {
  const played = new FakeLaunch(systemClock)
  const cameras = Array.from({ length: count }, (_, index) => ({ ...camera, id: `camera-${index}`, name: `Camera ${index}` }))
  const fleet = new Fleet(cameras, played.parts(pino({ level: 'silent' }), new StartLimiter(systemClock, count)))
  for (const code of ['auth', 'stalled', 'refused', 'dns', 'busy'] as const) {
    fleet.start()
    await new Promise(resolve => setImmediate(resolve))
    for (const { onExit } of played.attempts.splice(0)) onExit({ code, message: 'Played.' })
    await Promise.all(fleet.all.map(supervisor => supervisor.stop()))
  }
  fleet.start()
  await new Promise(resolve => setImmediate(resolve))
  for (const { id } of cameras) {
    played.track(id)
    played.coded(true, id)
  }
  return fleet
}

/** The longest time between two turns of the event loop, in milliseconds of the CPU: what other programs take does not count. */
async function longestHold (run: () => Promise<void>): Promise<number> {
  let [longest, last, isOver] = [0, cpuMs(), false]
  const look = () => {
    const now = cpuMs()
    longest = Math.max(longest, now - last)
    last = now
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  await run()
  isOver = true
  return longest
}

function cpuMs (): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
