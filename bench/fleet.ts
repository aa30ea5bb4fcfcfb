import { createInterface } from 'node:readline'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { packageRoot } from '../src/package.js'
import { cpuSeconds, Gateway } from './gateway.js'
import { endProcess, ownCpuSeconds, residentBytes } from './peers.js'
import { table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 10)
const WARM_UP = 3_000
const SIZES = [1, 4, 16, 64]
const IDLE = [1, 200]
const FPS = 5

/** What a camera costs, with its ffmpeg and without, as there are more of them; and what one costs that nobody watches. */
export async function fleet (): Promise<string> {
  const rows: string[][] = []
  for (const count of SIZES) {
    const simulator = await simulate(count)
    const gateway = await Gateway.start(`defaults: { fps: ${FPS} }\ncameras: { ${simulator.urls.map((url, i) => `${i}: { source: "${url}" }`).join(', ')} }`)
    await running(gateway, count)
    const taken = await taking(gateway)
    const resident = residentBytes(gateway.pid)
    await gateway.stop()
    await endProcess(simulator.child)
    const each = (share: number) => `${(100 * share / count).toFixed(2)} %`
    rows.push([String(count), each(taken.own), each(taken.all), (resident / 1e6).toFixed(0), (resident / count / 1e6).toFixed(1)])
  }
  const idle: number[] = []
  for (const count of IDLE) {
    const names = Array.from({ length: count }, (_, i) => `${i}: { source: "rtsp://127.0.0.1/none" }`)
    const gateway = await Gateway.start(`defaults: { onDemand: true }\ncameras: { ${names.join(', ')} }`)
    await wait(WARM_UP)
    const { own } = await taking(gateway)
    idle.push(residentBytes(gateway.pid))
    rows.push([`${count}, on demand, idle`, `${(100 * own / count).toFixed(2)} %`, '', (idle.at(-1)! / 1e6).toFixed(0), ''])
    await gateway.stop()
  }
  const each = (idle[1]! - idle[0]!) / (IDLE[1]! - IDLE[0]!)
  return `${table(['cameras', 'CPU each, camgate', 'CPU each, with ffmpeg', 'RSS MB, camgate', 'RSS MB each'], rows)}

H.264 cameras of 256x144, ${FPS} pictures a second, in a process of their own, which is not counted; nobody watches.
An idle camera takes ${(each / 1e3).toFixed(0)} kB: the difference between ${IDLE.join(' and ')} of them.`
}

async function taking ({ pid }: Gateway) {
  const look = () => ({ own: ownCpuSeconds(pid), all: cpuSeconds(pid) })
  const before = look()
  await wait(SECONDS * 1_000)
  const after = look()
  return { own: (after.own - before.own) / SECONDS, all: (after.all - before.all) / SECONDS }
}

async function running (gateway: Gateway, count: number): Promise<void> {
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await wait(500)) {
    const { cameras } = await (await fetch(`${gateway.url}status`)).json() as { cameras: Record<string, { state: string }> }
    if (Object.values(cameras).filter(({ state }) => state === 'running').length === count) return await wait(WARM_UP)
  }
  throw new Error(`not all of ${count} cameras run after two minutes`)
}

/** `camgate simulate` once all of its cameras are there. */
async function simulate (count: number) {
  const child = spawn(process.execPath, [join(packageRoot, 'dist/main.js'), 'simulate', '--cameras', String(count), '--port', '18554', '--width', '256', '--height', '144', '--fps', String(FPS)], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' }
  })
  const urls: string[] = []
  for await (const line of createInterface(child.stdout)) {
    urls.push(.../rtsp:\S+/.exec(line) ?? [])
    if (urls.length === count) break
  }
  return { child, urls }
}
