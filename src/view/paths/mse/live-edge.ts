/**
 * Keeps a video element close to the newest picture. `ahead`: how much of the film is buffered and not on the screen yet, with the newest
 * picture. `interval`: between two pictures. Both in milliseconds.
 */
export interface Playback { readonly ahead: number, readonly interval: number }

/** What is left of the film when the next picture comes on time. With less, each picture that comes late stops the element. */
const RESERVE_MS = 30
/** The reserve may be so much more or less before the rate is changed. */
const TOLERANCE_MS = 10
const JUMP_MS = 1_000
/** Of a picture that came in a burst: it is shown so shortly, or not at all. */
const BURST_DURATION_MS = 1

/** How much may be ahead right after a picture has been added. */
export const targetOf = (interval: number): number => interval + RESERVE_MS

/** What the element does next: jump to the target, or play at this rate. */
export function chase ({ ahead, interval }: Playback): 'jump' | 0.9 | 1 | 1.1 {
  const excess = ahead - targetOf(interval)
  if (excess > JUMP_MS) return 'jump'
  return excess > TOLERANCE_MS ? 1.1 : excess < -TOLERANCE_MS ? 0.9 : 1
}

/**
 * How long the film shows a new picture: for the camera's interval, unless several have come at once, after a hitch or because the pictures
 * since the last key picture were sent. These pass as fast as they are decoded, not a tenth faster than they were taken.
 */
export const durationOf = ({ ahead, interval }: Playback): number => ahead > targetOf(interval) + interval ? BURST_DURATION_MS : interval
