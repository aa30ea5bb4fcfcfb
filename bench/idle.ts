import { setTimeout as wait } from 'node:timers/promises'
import { Gateway } from './gateway.js'
import { ownCpuSeconds, privateBytes } from './processes.js'
import { quantile } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 10)
const WARM_UP_MS = 3_000
const PROCESSES = 5
const [FEW, MANY] = [1, 500]

/**
 * The cost of an on-demand camera without viewers. A Node process uses a few megabytes more or less from one start to the next, so
 * this looks at several processes, and reports a difference only if it is larger than theirs.
 */
export async function idleCameras (): Promise<string> {
  const [few, many, cpu]: number[][] = [[], [], []]
  for (let process = 0; process < PROCESSES; process++) {
    for (const [count, bytes] of [[FEW, few!], [MANY, many!]] as const) {
      const names = Array.from({ length: count }, (_, i) => `${i}: { source: "rtsp://127.0.0.1/none" }`)
      const gateway = await Gateway.start(`defaults: { onDemand: true }\ncameras: { ${names.join(', ')} }`)
      await wait(WARM_UP_MS)
      bytes.push(privateBytes(gateway.pid))
      if (count === MANY) cpu!.push(await cpuShare(gateway))
      await gateway.stop()
    }
  }
  const each = (bytes: number) => bytes / (MANY - FEW) / 1e3
  const noise = Math.max(...[few!, many!].map(bytes => each(quantile(bytes, 0.75) - quantile(bytes, 0.25))))
  const kB = each(quantile(many!, 0.5) - quantile(few!, 0.5))
  const memory = kB > noise ? `${kB.toFixed(0)} kB, give or take ${noise.toFixed(0)}` : `less than ${noise.toFixed(0)} kB, the noise of this measure`
  return `An idle camera, on demand and unwatched, takes ${memory} (private memory, medians of ${PROCESSES} processes with ${MANY} and with ${FEW}),
and ${(100 * quantile(cpu!, 0.5) / MANY).toFixed(3)} % of a processor.`
}

async function cpuShare ({ pid }: Gateway): Promise<number> {
  const before = ownCpuSeconds(pid)
  await wait(SECONDS * 1_000)
  return (ownCpuSeconds(pid) - before) / SECONDS
}
