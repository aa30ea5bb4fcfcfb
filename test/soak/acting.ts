import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.js'

/** Waits. Returns false if the wait was cancelled. */
export const pause = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false)

/** Repeats an action until the signal, after a random wait of `[least, most]` milliseconds each time. */
export async function nowAndThen (random: Random, [least, most]: readonly [number, number], signal: AbortSignal, deed: () => Promise<void>): Promise<void> {
  while (await pause(random.between(least, most), signal)) await deed()
}
