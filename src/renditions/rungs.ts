import type { Rendition } from '../config/registry.js'
import type { Frame } from '../frames/frame.js'
import type { LiveCamera } from '../config/registry.js'

/** What `?rendition=auto` goes down to where the file has no renditions: they cost nothing while nobody needs them. */
export const USUAL: readonly Rendition[] = [{ name: 'w640', width: 640 }, { name: 'w320', width: 320 }]

/**
 * JPEGs of one scene shrink so with -q:v; with their pixels they are taken to shrink in proportion, which is a little too much: a rung
 * that is guessed too small is left at once, while one that is guessed too large would be passed over, and tried seconds later.
 */
const BY_QUALITY = -0.6
/** Where neither the camera nor the file has said: pixels. */
const SUPPOSED = { width: 1280, height: 720 }
const QUALITY = 5
/** A rung that takes more of what the full picture takes is none; nor is one with fewer pictures a second. */
const LARGEST = 0.9
const SLOWEST = 1

/** Which of a camera's renditions take less of a viewer's connection than its full picture, the largest first, and how much of that by guess. */
export function rungsOf (camera: Pick<LiveCamera, 'width' | 'height' | 'fps' | 'quality'>, newest: Frame | undefined, renditions: readonly Rendition[]) {
  const full = newest?.live ? newest : { width: camera.width ?? SUPPOSED.width, height: camera.height ?? SUPPOSED.height }
  return renditions.filter(({ fps = camera.fps }) => fps >= SLOWEST).map(({ name, width = Infinity, height = Infinity, fps = Infinity, quality = QUALITY }) => {
    const pixels = Math.min(1, width / full.width, height / full.height) ** 2
    const share = pixels * (quality / (camera.quality ?? QUALITY)) ** BY_QUALITY * Math.min(1, fps / camera.fps)
    return { name, share }
  }).filter(({ share }) => share <= LARGEST).sort((a, b) => b.share - a.share)
}
