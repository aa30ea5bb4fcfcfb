import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import type { Installation, Need } from '../../docs/.vitepress/theme/sizing/formula.js'
import { quantile } from '../table.js'
import { Load, RENDITION, type Counts, type Kind } from './load.js'
import { KEY_SECONDS, MIN_SHARE, ratesOf, SECONDS, WINDOWS } from './session.js'

const WARM_UP_MS = 20_000
const CAMERA = { codec: 'h264', width: 1280, height: 720, fps: 15, megabits: 2 } as const satisfies Kind
const LIVE_PAGES = 2

/** Everything at once, as no coefficient was measured. */
export const MIXED: Installation = {
  codec: CAMERA.codec,
  cameras: 12,
  width: CAMERA.width,
  height: CAMERA.height,
  picturesPerSecond: CAMERA.fps,
  megabitsPerSecond: CAMERA.megabits,
  full: { cameras: 2, viewersOfEach: 5 },
  rendition: { cameras: 2, viewersOfEach: 5, width: RENDITION.width, height: RENDITION.height },
  liveTiles: 12 * LIVE_PAGES
}

export type Checked = Pick<Need, 'camgateCores' | 'ffmpegCores' | 'memoryMegabytes' | 'megabitsPerSecondOut' | 'openFiles'> & { readonly isOverloaded: boolean }

/** What the mixed installation takes on this machine. */
export async function check (): Promise<Checked> {
  const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: [{ id: '1', name: 'Entrance', width: CAMERA.width, height: CAMERA.height, fps: CAMERA.fps, keySeconds: KEY_SECONDS, bitsPerSecond: 1e6 * CAMERA.megabits }] })
  const load = await Load.start(simulator.url('1'), MIXED.cameras, CAMERA.fps)
  try {
    return await measured(load)
  } finally {
    await load.stop()
    await simulator.close()
  }
}

async function measured (load: Load): Promise<Checked> {
  const { full, rendition } = MIXED
  for (let i = 0; i < full.cameras; i++) await load.watch(i, full.viewersOfEach)
  for (let i = 0; i < rendition.cameras; i++) await load.watch(full.cameras + i, rendition.viewersOfEach, RENDITION.name)
  for (let i = 0; i < LIVE_PAGES; i++) await load.watchLive(MIXED.cameras, CAMERA)
  await wait(WARM_UP_MS)
  const windows: Counts[] = []
  for (let i = 0; i < WINDOWS; i++) {
    const before = await load.counts()
    const began = performance.now()
    await wait(SECONDS * 1_000)
    windows.push(ratesOf(before, await load.counts(), performance.now() - began))
  }
  const { residentBytes, ffmpegPrivateBytes, ffmpegFileBytes, openFiles } = load.holdings()
  const median = (of: (rates: Counts) => number) => quantile(windows.map(of), 0.5)
  return {
    camgateCores: median(({ camgateMs }) => camgateMs) / 1e3,
    ffmpegCores: median(({ ffmpegMs }) => ffmpegMs) / 1e3,
    memoryMegabytes: (residentBytes + ffmpegPrivateBytes + ffmpegFileBytes) / 1e6,
    megabitsPerSecondOut: median(({ mjpegBytes, liveBytes }) => mjpegBytes + liveBytes) * 8 / 1e6,
    openFiles,
    isOverloaded: median(({ frames }) => frames) < MIN_SHARE * CAMERA.fps * (full.cameras + rendition.cameras)
  }
}
