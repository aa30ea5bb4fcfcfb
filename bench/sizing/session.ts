import { setTimeout as wait } from 'node:timers/promises'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator } from '../../src/simulator/simulator.js'
import { Load, RENDITION, type Counts, type Holdings, type Kind } from './load.js'

export const WINDOWS = 5
/** While pictures are skipped, windows are repeated, and the best ones count. */
const MAX_WINDOWS = 10
export const SECONDS = Number(process.env.SECONDS ?? 4)
/** Node optimises code only after many pictures. */
const FIRST_WARM_UP_MS = 12_000
const WARM_UP_MS = 6_000
/** What decodes for viewers goes on for ten seconds after the last has gone. */
const LINGER_MS = 12_000
/** From one key picture to the next. Many cameras are set so. */
export const KEY_SECONDS = 2
/** With fewer of the pictures that were sent, the machine was too busy. */
export const MIN_SHARE = 0.97

export const phases = ['nobody', 'live', 'rendition', 'full', 'fullByMany'] as const
export type Phase = typeof phases[number]

export interface Plan extends Kind {
  /** Cameras of the smaller of the two camgates: read, and of those how many are watched as MJPEG. */
  readonly cameras: number
  readonly watched: number
  readonly phases: readonly Phase[]
}

/** Pages with live tiles of all cameras, and viewers in the phase `fullByMany` beside the first. */
export const LIVE_PAGES = 2
export const MORE_VIEWERS = 50

/** Counts of one camgate, for each second of a window. */
export type Rates = Counts

export interface Measured {
  /** Of both camgates, by window. */
  readonly windows: ReadonlyArray<readonly [smaller: Rates, larger: Rates]>
  /** At the end: of the smaller, and what the larger has more. */
  readonly smaller: Holdings
  readonly more: Holdings
  readonly isOverloaded: boolean
}

/**
 * Runs two camgates, the second with twice the cameras and viewers, and measures them in the same windows: so that what a process costs anyway can be told from
 * what the cameras cost, and a busy machine slows both.
 */
export async function session (plan: Plan): Promise<Map<Phase, Measured>> {
  const { codec, width, height, fps, megabits } = plan
  const simulator = await startSimulator({
    ffmpegPath: findFfmpeg()!,
    cameras: [{ id: '1', name: 'Entrance', codec, width, height, fps, keySeconds: KEY_SECONDS, ...megabits !== undefined && { bitsPerSecond: 1e6 * megabits } }]
  })
  const sides = [1, 2].map(factor => ({ factor, cameras: factor * plan.cameras, watched: factor * plan.watched }))
  const loads = await Promise.all(sides.map(({ cameras }) => Load.start(simulator.url('1'), cameras, fps)))
  const all = (act: (load: Load, side: typeof sides[number]) => Promise<unknown>) => Promise.all(loads.map((load, i) => act(load, sides[i]!)))
  const each = (count: number, act: (i: number) => Promise<void>) => Promise.all(Array.from({ length: count }, (_, i) => act(i)))
  const begin: Record<Phase, () => Promise<unknown>> = {
    nobody: () => wait(FIRST_WARM_UP_MS),
    live: () => all((load, { cameras }) => each(LIVE_PAGES, () => load.watchLive(cameras, plan))),
    rendition: () => all((load, { watched }) => each(watched, i => load.watch(i, 1, RENDITION.name))),
    full: () => all((load, { watched }) => each(watched, i => load.watch(i, 1))),
    fullByMany: () => all((load, { watched }) => each(watched, i => load.watch(i, MORE_VIEWERS)))
  }
  const measured = new Map<Phase, Measured>()
  let sent = 0
  const forget = simulator.onPicture('1', () => { sent++ })
  try {
    for (const phase of plan.phases) {
      await begin[phase]()
      await wait(WARM_UP_MS)
      const expected = phase === 'live' ? plan.cameras * LIVE_PAGES : plan.watched
      const windows = await windowsOf(loads, () => sent, (rate, sides) => Math.min(
        rate / fps,
        ...phase === 'nobody' ? [] : sides.map(({ frames, livePictures }, i) => (phase === 'live' ? livePictures : frames) / fps / expected / (i + 1))
      ))
      const [smaller, larger] = loads.map(load => load.holdings()) as [Holdings, Holdings]
      measured.set(phase, {
        windows: windows.map(({ rates }) => rates),
        smaller,
        more: mapped({ ...larger }, (value, key) => value - smaller[key]),
        isOverloaded: windows.some(({ share }) => share < MIN_SHARE)
      })
      if (phase === 'live' || phase === 'rendition') {
        await all(load => load.unwatch())
        if (phase === 'rendition') await wait(LINGER_MS)
      }
    }
    return measured
  } finally {
    forget()
    await all(load => load.stop())
    await simulator.close()
  }
}

type Window = Measured['windows'][number]

/** `sent`: pictures of the camera so far. `shareOf`: of the pictures that there should be, from how many the camera sent a second and what came of them. */
async function windowsOf (loads: readonly Load[], sent: () => number, shareOf: (sentRate: number, window: Window) => number): Promise<Array<{ rates: Window, share: number }>> {
  const look = async () => ({ at: performance.now(), sent: sent(), counts: await Promise.all(loads.map(load => load.counts())) })
  const windows: Array<{ rates: Window, share: number }> = []
  while (windows.length < MAX_WINDOWS && windows.filter(({ share }) => share >= MIN_SHARE).length < WINDOWS) {
    const before = await look()
    await wait(SECONDS * 1_000)
    const after = await look()
    const ms = after.at - before.at
    const rates = after.counts.map((counts, side) => ratesOf(before.counts[side]!, counts, ms)) as unknown as Window
    windows.push({ rates, share: shareOf(1e3 * (after.sent - before.sent) / ms, rates) })
  }
  return windows.sort((a, b) => b.share - a.share).slice(0, WINDOWS)
}

/** What was counted in these milliseconds, for each second. */
export const ratesOf = (before: Counts, after: Counts, ms: number): Rates => mapped(after, (value, key) => 1e3 * (value - before[key]) / ms)

const mapped = <Key extends string>(record: Readonly<Record<Key, number>>, of: (value: number, key: Key) => number): Record<Key, number> =>
  Object.fromEntries(Object.entries<number>(record).map(([key, value]) => [key, of(value, key as Key)])) as Record<Key, number>
