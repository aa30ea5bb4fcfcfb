/** ffmpeg's scale for JPEGs (-q:v): 2 is best, 31 is smallest. */
const BEST = 2
const SMALLEST = 31

/**
 * How much coarser than ffmpeg's tables libjpeg's are for the low frequencies, which hold nearly all of a photograph. Measured
 * with ffmpeg 5.1 and OpenCV's libjpeg, by size and by PSNR (docs/decisions/0026).
 */
const PER_STEP = 16

/** ffmpeg's -q:v whose JPEGs look about like those of libjpeg (OpenCV, Pillow) at this quality, 1 to 100. */
export function qscaleOf (percent: number): number {
  const scale = percent < 50 ? 5_000 / percent : 200 - 2 * percent
  return Math.min(SMALLEST, Math.max(BEST, Math.round(scale / PER_STEP)))
}

/** The other way round: libjpeg's quality, 1 to 100, for a -q:v. */
export function percentOf (qscale: number): number {
  const scale = PER_STEP * qscale
  return Math.round(scale <= 100 ? 100 - scale / 2 : 5_000 / scale)
}
