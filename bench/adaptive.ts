import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { startSimulator } from '../src/simulator/simulator.js'
import { Arrivals } from './ages.js'
import { Gateway } from './gateway.js'
import { SlowLink } from './slow-link.js'
import { quantile, table } from './table.js'

const SECONDS = Number(process.env.SECONDS ?? 30)
/** By then the rendition has been chosen. */
const WARM_UP_MS = 2_000
const [NARROW_MBITS, WIDE_MBITS] = [2, 50]
const CAMERA = { id: '1', name: 'Clock', width: 960, height: 544, codec: 'mjpeg' } as const
const YAML = (url: string) => `cameras: { 1: { source: "${url}", renditions: { low: { width: 640, quality: 4 }, thumb: { width: 320 } } } }`

/** The effect of `?rendition=auto` behind a slow link, and behind a link that becomes fast. */
export async function adaptive (): Promise<string> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    process.stderr.write('NOT MEASURED: adaptive needs Linux and root, for a network namespace of its own.\n')
    return 'Not measured: this needs Linux and root.'
  }
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [CAMERA] })
  const sent: Array<{ frame: number, at: number }> = []
  simulator.onPicture(CAMERA.id, (frame, at) => sent.push({ frame, at }))
  const link = new SlowLink(NARROW_MBITS)
  const gateway = await Gateway.start(YAML(simulator.url(CAMERA.id)), { HOST: link.host })
  const status = async () => await (await fetch(`${gateway.url}status/${CAMERA.id}`)).json() as { state: string, fps: number }
  while ((await status()).state !== 'running') await wait(50)

  /** Measures what arrives behind the link. It becomes wide halfway through. */
  const watch = async (query: string, ms: number, widens = false) => {
    const arrivals = new Arrivals()
    link.shape(NARROW_MBITS)
    const viewer = link.view(`${gateway.url}camera/${CAMERA.id}${query}`)
    viewer.stdout!.on('data', arrivals.take)
    while (arrivals.count === 0) await wait(10)
    const began = arrivals.pictures[0]!.at
    await wait(ms / (widens ? 2 : 1))
    const widened = performance.now()
    if (widens) {
      link.shape(WIDE_MBITS)
      await wait(ms / 2)
    }
    const { fps } = await status()
    viewer.kill()
    await once(viewer, 'exit')
    const { pictures } = arrivals
    const changes = pictures.filter(({ width }, i) => i > 0 && width !== pictures[i - 1]!.width)
    const after = (from: number, isIt: (width: number) => boolean) => {
      const at = pictures.find(({ at, width }) => at > from && isIt(width))?.at
      return at === undefined ? '' : ((at - from) / 1_000).toFixed(1)
    }
    const cells = (from: number, to: number) => {
      const then = pictures.filter(({ at }) => at >= from && at < to)
      const ages = arrivals.ages(sent, from, CAMERA).slice(0, then.length)
      const bytes = then.reduce((sum, { jpeg }) => sum + jpeg.length, 0) / then.length
      return [(then.length / (to - from) * 1_000).toFixed(1), quantile(ages, 0.5).toFixed(0), quantile(ages, 0.95).toFixed(0), Math.max(...ages).toFixed(0), (bytes / 1_000).toFixed(0)]
    }
    const end = began + ms
    return {
      cells: cells(began + WARM_UP_MS, widens ? widened : end),
      wide: widens ? cells(end - ms / 4, end) : [],
      down: after(began, width => width < CAMERA.width),
      up: widens ? after(widened, width => width === CAMERA.width) : '',
      changes: String(changes.length),
      fps: fps.toFixed(1)
    }
  }
  const rows: string[][] = []
  for (const [name, query] of [['off', ''], ['on', '?rendition=auto']] as const) {
    const { cells, down, changes, fps } = await watch(query, WARM_UP_MS + SECONDS * 1_000)
    rows.push([name, fps, ...cells, down, changes])
  }
  const { wide, up } = await watch('?rendition=auto', 2 * SECONDS * 1_000, true)
  await gateway.stop()
  link.close()
  await simulator.close()
  return `${table(['auto', 'camera: fps', 'viewer: fps', 'age ms p50', 'p95', 'max', 'kB a picture', 'smaller after s', 'changes'], rows)}

One viewer on a link of ${NARROW_MBITS} Mbit/s (\`tc tbf\`, burst 16 kB, latency 50 ms) in a network namespace. The camera has ${CAMERA.width}x${CAMERA.height}, 20 pictures a second and the renditions
\`low: { width: 640, quality: 4 }\` and \`thumb: { width: 320 }\`. The viewer watches \`/camera/1\` in one run and \`/camera/1?rendition=auto\` in the other. Measured for ${SECONDS} s, beginning ${WARM_UP_MS / 1_000} s
after the first picture. The age is the time from when the camera sent the picture to the arrival of its last byte. *changes* counts how often the
size changed, including tries upwards. If the link widens to ${WIDE_MBITS} Mbit/s after ${SECONDS} s, the full picture is back ${up} s later, and then
arrives ${wide[0]} times a second, ${wide[1]} ms old.`
}
