import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Gateway } from './gateway.js'
import { cpuShares, privateBytes, treeBytes } from './processes.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 20)
const WARM_UP_MS = 20_000
const CAMERAS = 64
/** A process with none uses a few megabytes more or less from one start to the next. */
const PROCESSES = 3
const [FEW, MANY] = [1, 500]

/** The cost of cameras that nobody watches: read but not decoded, as is usual, decoded for nobody, and not even connected. */
export async function idle (): Promise<string> {
  const camera = { id: '1', name: 'Clock', fps: 20, bitsPerSecond: 2_000_000 }
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [camera, { ...camera, id: 'slow', keySeconds: 4, clipSeconds: 12 }] })
  const rows: string[][] = []
  for (const [count, key, transport, decode] of [
    [CAMERAS, '1', 'tcp', 'watched'], [CAMERAS, 'slow', 'tcp', 'watched'], [CAMERAS, '1', 'udp', 'watched'], [4, '1', 'tcp', 'always']
  ] as const) {
    const gateway = await Gateway.start(`defaults: { transport: ${transport}, decode: ${decode} }\ncameras: { ${namesOf(count).map(name => `${name}: { source: "${simulator.url(key)}" }`).join(', ')} }`)
    await gateway.running(count)
    await wait(WARM_UP_MS)
    const { own, all } = await cpuShares(gateway.pid, SECONDS)
    const [each, tree] = [(privateBytes(gateway.pid) - await emptyBytes()) / count, treeBytes(gateway.pid) / count]
    rows.push([
      String(count), key === '1' ? '1 s' : '4 s', transport, decode,
      ...[own, all].map(share => `${(100 * share / count).toFixed(2)} %`), ...[each, tree].map(bytes => (bytes / 1e6).toFixed(1))
    ])
    await gateway.stop()
  }
  await simulator.close()
  return `${table(['cameras', 'key pictures every', 'transport', 'decode', 'CPU each, camgate', 'CPU each, with ffmpeg', 'MB more each, camgate', 'MB each, all processes'], rows)}

H.264 of 960x544, 20 pictures and 2 Mbit a second. Nobody watches. *MB more each* is private memory above that of a process with one camera that is off;
*all processes* is PSS, with Node and its libraries shared out among the cameras.

${await onDemand()}`
}

const namesOf = (count: number) => Array.from({ length: count }, (_, i) => `c${i}`)

/** Private memory of a process that has these cameras on demand, once it has come to rest. */
async function bytesOf (count: number): Promise<number> {
  const gateway = await Gateway.start(`defaults: { onDemand: true }\ncameras: { ${namesOf(count).map(name => `${name}: { source: "rtsp://127.0.0.1/none" }`).join(', ')} }`)
  await wait(3_000)
  const bytes = privateBytes(gateway.pid)
  await gateway.stop()
  return bytes
}

const emptyBytes = async () => quantile([await bytesOf(FEW), await bytesOf(FEW), await bytesOf(FEW)], 0.5)

async function onDemand (): Promise<string> {
  const [few, many]: number[][] = [[], []]
  for (let process = 0; process < PROCESSES; process++) {
    few!.push(await bytesOf(FEW))
    many!.push(await bytesOf(MANY))
  }
  const each = (bytes: number) => bytes / (MANY - FEW) / 1e3
  const noise = Math.max(...[few!, many!].map(bytes => each(Math.max(...bytes) - Math.min(...bytes))))
  const kB = each(quantile(many!, 0.5) - quantile(few!, 0.5))
  return `A camera on demand that nobody watches takes ${kB > noise ? `${kB.toFixed(0)} kB, give or take ${noise.toFixed(0)}` : `less than ${noise.toFixed(0)} kB, the noise of this measure`} (private memory, medians of ${PROCESSES} processes with ${MANY} and with ${FEW}).`
}
