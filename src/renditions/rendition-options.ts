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

type Picture = Pick<LiveCamera, 'width' | 'height' | 'fps' | 'quality' | 'rotate'>

/** The size of a camera's full picture: of its `newest` one, otherwise as configured, or else that of its coded pictures, which may not have been decoded yet. */
export function fullSize (camera: Picture, newest: Frame | undefined, coded: Size | undefined): Size {
  const { width, height } = rotated(coded ?? DEFAULT_SIZE, camera.rotate)
  return newest?.live ? { width: newest.width, height: newest.height } : { width: camera.width ?? width, height: camera.height ?? height }
}

/** The renditions that take fewer bytes than the camera's full picture, the largest first, with their sizes and an estimate of their share. */
export function smallerRenditions (camera: Picture, newest: Frame | undefined, coded: Size | undefined, renditions: readonly Rendition[]) {
  const full = fullSize(camera, newest, coded)
  return renditions.filter(({ fps = camera.fps }) => fps >= MIN_FPS).map(({ name, width = Infinity, height = Infinity, fps = Infinity, quality = DEFAULT_QUALITY }) => {
    const scale = Math.min(1, width / full.width, height / full.height)
    const share = scale ** 2 * (quality / (camera.quality ?? DEFAULT_QUALITY)) ** QUALITY_EXPONENT * Math.min(1, fps / camera.fps)
    return { name, share, width: Math.round(full.width * scale), height: Math.round(full.height * scale) }
  }).filter(({ share }) => share <= MAX_SHARE).sort((a, b) => b.share - a.share)
}
