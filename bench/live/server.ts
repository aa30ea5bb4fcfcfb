import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { WallClient } from '../../test/http/wall-client.js'
import { HEADER_BYTES } from '../../src/wire/picture-header.js'
import { simulate } from '../fleet.js'
import { Gateway } from '../gateway.js'
import { endProcess } from '../peers.js'
import { cpuShares } from '../processes.js'
import { quantile, table } from '../table.js'

const WARM_UP_MS = 5_000
const TILES = 36
const SIZE = { width: 640, height: 360, fps: 15 }
const CONTROL_INTERVAL_MS = 100

/** What a wall of many tiles costs the server, over reading the cameras, and what it sends. */
export async function server (seconds: number): Promise<string> {
  const simulator = await simulate(TILES, SIZE)
  const gateway = await Gateway.start(`defaults: { fps: ${SIZE.fps} }\ncameras: { ${simulator.urls.map((url, i) => `${i}: { source: "${url}" }`).join(', ')} }`)
  try {
    await gateway.running(TILES)
    await wait(WARM_UP_MS)
    const unwatched = await cpuShares(gateway.pid, seconds)
    const [row, bytesOfTile] = await watched(gateway, unwatched.own, seconds)
    const mjpeg = await mjpegBytes(gateway, seconds)
    return `${table(['tiles', 'CPU, nobody watches', 'CPU, the wall', 'a tile', 'pictures/s a tile', 'kB/s a tile', 'MJPEG kB/s', 'of MJPEG', 'control median', 'p95'], [
      [String(TILES), `${(100 * unwatched.own).toFixed(1)} %`, ...row.slice(0, 3), (bytesOfTile / 1e3).toFixed(0), (mjpeg / 1e3).toFixed(0), (bytesOfTile / mjpeg).toFixed(2), ...row.slice(3)]
    ])}

H.264 cameras of ${SIZE.width}x${SIZE.height}, ${SIZE.fps} pictures a second, from a simulator that is not counted, on one WebSocket. CPU is camgate's own process; *a tile* is what the wall adds, divided by its tiles. MJPEG is one of these cameras at the same size and
rate, \`/camera/ID\`, which camgate makes with its usual quality (5) of the same H.264: plain discs that move, text, and noise as of a small sensor in daylight, encoded by x264 (veryfast, crf 23, at most 0.15 bits a pixel, a key picture every second). *Control* is the time to the answer of \`POST /start/ID\`, ${1_000 / CONTROL_INTERVAL_MS} times a second during the wall.`
  } finally {
    await gateway.stop()
    await endProcess(simulator.child)
  }
}

/** The cells of the wall's row, and the bytes a second that a tile is sent. */
async function watched (gateway: Gateway, unwatched: number, seconds: number): Promise<[cells: string[], bytesOfTile: number]> {
  let end = () => {}
  const client = await new WallClient({ teardown (close) { end = close as () => void } }, `${gateway.url.replace('http', 'ws')}wall`).opened()
  for (let id = 0; id < TILES; id++) client.tile(id, String(id), { accept: ['h264', 'jpeg'], ...SIZE, fps: 60 })
  await wait(WARM_UP_MS)
  client.pictures.length = 0
  const isOver = new AbortController()
  const control = controlDelays(gateway, isOver.signal)
  const { own } = await cpuShares(gateway.pid, seconds)
  isOver.abort()
  const pictures = client.pictures.splice(0)
  const delays = await control
  end()
  const bytes = pictures.reduce((sum, picture) => sum + picture.bytes.length + HEADER_BYTES, 0)
  return [
    [`${(100 * own).toFixed(1)} %`, `${(100 * (own - unwatched) / TILES).toFixed(3)} %`, (pictures.length / seconds / TILES).toFixed(1), ...[0.5, 0.95].map(share => `${quantile(delays, share).toFixed(1)} ms`)],
    bytes / seconds / TILES
  ]
}

/** Milliseconds to the answers of control requests, until the signal. */
export async function controlDelays (gateway: Gateway, signal: AbortSignal): Promise<number[]> {
  const delays: number[] = []
  while (!signal.aborted) {
    const at = performance.now()
    await (await fetch(`${gateway.url}start/0`, { method: 'POST' })).text()
    delays.push(performance.now() - at)
    await wait(CONTROL_INTERVAL_MS)
  }
  return delays
}

/** The bytes a second of one camera's MJPEG. */
async function mjpegBytes (gateway: Gateway, seconds: number): Promise<number> {
  let bytes = 0
  const response = await gateway.view('1', chunk => { bytes += chunk.length })
  await once(response, 'data')
  await wait(WARM_UP_MS)
  bytes = 0
  await wait(seconds * 1_000)
  response.destroy()
  return bytes / seconds
}
