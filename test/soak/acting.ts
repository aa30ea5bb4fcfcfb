import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.js'

/** Waits; false when it was called off. */
export const pause = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false)

/** Does something now and then, with `[least, most]` milliseconds of rest before each time, until the signal. */
export async function nowAndThen (random: Random, [least, most]: readonly [number, number], signal: AbortSignal, deed: () => Promise<void>): Promise<void> {
  while (await pause(random.between(least, most), signal)) await deed()
}
