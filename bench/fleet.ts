import { createInterface } from 'node:readline'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { packageRoot } from '../src/package.js'
import { Gateway, ingests } from './gateway.js'
import { endProcess } from './peers.js'
import { cpuShares, residentBytes, treeBytes } from './processes.js'
import { table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 10)
const WARM_UP_MS = 3_000
const SIZES = [1, 4, 16, 64]
const FPS = 5

/** The cost per camera as their number grows, read either way, with and without its ffmpeg. */
export async function fleet (): Promise<string> {
  const rows: string[][] = []
  for (const count of SIZES) {
    const simulator = await simulate(count, { width: 256, height: 144, fps: FPS })
    for (const ingest of ingests) rows.push([String(count), ingest, ...await costs(simulator.urls, ingest)])
    await endProcess(simulator.child)
  }
  return `${table(['cameras', 'ingest', 'CPU each, camgate', 'CPU each, with ffmpeg', 'RSS MB, camgate', 'MB each, with ffmpeg'], rows)}

H.264 cameras of 256x144, ${FPS} pictures a second, in a separate process, which is not counted. Nobody watches, but they are all decoded (\`decode: always\`).
Memory with ffmpeg is that of all processes together (PSS: shared memory is counted once).`
}

async function costs (urls: readonly string[], ingest: typeof ingests[number]): Promise<string[]> {
  const count = urls.length
  const gateway = await Gateway.start(`defaults: { fps: ${FPS}, ingest: ${ingest}, decode: always }\ncameras: { ${urls.map((url, i) => `${i}: { source: "${url}" }`).join(', ')} }`)
  await gateway.running(count)
  await wait(WARM_UP_MS)
  const taken = await cpuShares(gateway.pid, SECONDS)
  const [own, tree] = [residentBytes(gateway.pid), treeBytes(gateway.pid)]
  await gateway.stop()
  const each = (share: number) => `${(100 * share / count).toFixed(2)} %`
  return [each(taken.own), each(taken.all), (own / 1e6).toFixed(0), (tree / count / 1e6).toFixed(1)]
}

/** Starts `camgate simulate` and waits for all of its cameras. */
export async function simulate (count: number, { width, height, fps }: { readonly width: number, readonly height: number, readonly fps: number }) {
  const child = spawn(process.execPath, [join(packageRoot, 'dist/main.js'), 'simulate', '--cameras', String(count), '--port', '18554', '--width', String(width), '--height', String(height), '--fps', String(fps)], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' }
  })
  const urls: string[] = []
  for await (const line of createInterface(child.stdout)) {
    urls.push(.../rtsp:\S+/.exec(line) ?? [])
    if (urls.length === count) break
  }
  return { child, urls }
}
