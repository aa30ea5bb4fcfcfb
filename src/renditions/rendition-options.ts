import type { LiveCamera, Rendition } from '../config/registry.js'
import type { Frame } from '../frames/frame.js'
import { rotated, type Size } from '../picture-size.js'

/** What `?rendition=auto` uses for a camera without renditions in the file. They cost nothing while they have no viewers. */
export const DEFAULT_RENDITIONS: readonly Rendition[] = [{ name: 'w640', width: 640 }, { name: 'w320', width: 320 }]

/**
 * A JPEG's size is proportional to -q:v to this power, and is taken as proportional to its pixels. That underestimates small renditions a little, which
 * is the better error: a rendition estimated too small is left at once, one estimated too large would be passed over and tried seconds later.
 */
const QUALITY_EXPONENT = -0.6
const DEFAULT_QUALITY = 5
/** Pixels, if neither the camera nor the file has given a size. */
const DEFAULT_SIZE = { width: 1280, height: 720 }
/** A rendition with a larger share of the full picture's bytes, or a lower rate than MIN_FPS, is no alternative to it. */
const MAX_SHARE = 0.9
const MIN_FPS = 1

/**
 * The renditions that take fewer bytes than the camera's full picture, the largest first, with an estimate of their share. Before the `newest` picture, the
 * size is the configured one, or else that of the camera's coded pictures, which may not have been decoded yet.
 */
export function smallerRenditions (camera: Pick<LiveCamera, 'width' | 'height' | 'fps' | 'quality' | 'rotate'>, newest: Frame | undefined, coded: Size | undefined, renditions: readonly Rendition[]) {
  const { width: codedWidth, height: codedHeight } = rotated(coded ?? DEFAULT_SIZE, camera.rotate)
  const full = newest?.live ? newest : { width: camera.width ?? codedWidth, height: camera.height ?? codedHeight }
  return renditions.filter(({ fps = camera.fps }) => fps >= MIN_FPS).map(({ name, width = Infinity, height = Infinity, fps = Infinity, quality = DEFAULT_QUALITY }) => {
    const pixels = Math.min(1, width / full.width, height / full.height) ** 2
    const share = pixels * (quality / (camera.quality ?? DEFAULT_QUALITY)) ** QUALITY_EXPONENT * Math.min(1, fps / camera.fps)
    return { name, share }
  }).filter(({ share }) => share <= MAX_SHARE).sort((a, b) => b.share - a.share)
}
