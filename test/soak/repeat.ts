import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.js'

/** Waits. Returns false if the wait was cancelled. */
export const pause = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false)

/** Repeats an action until the signal, after a random wait of `[min, max]` milliseconds each time. */
export async function repeatRandomly (random: Random, [min, max]: readonly [number, number], signal: AbortSignal, action: () => Promise<void>): Promise<void> {
  while (await pause(random.between(min, max), signal)) await action()
}
