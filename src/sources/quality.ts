/** ffmpeg's scale for JPEGs (-q:v): a low value means a good picture. */
const MIN_QSCALE = 2
const MAX_QSCALE = 31

/**
 * libjpeg's tables are this much coarser than ffmpeg's for the low frequencies, which make up most of a photograph. Measured with ffmpeg 5.1
 * and OpenCV's libjpeg, by size and by PSNR (docs/decisions/0026).
 */
const SCALE_PER_QSCALE = 16

/** Converts a quality of libjpeg (OpenCV, Pillow), 1 to 100, to the -q:v of ffmpeg whose JPEGs look about the same. */
export function qscaleOf (percent: number): number {
  const scale = percent < 50 ? 5_000 / percent : 200 - 2 * percent
  return Math.min(MAX_QSCALE, Math.max(MIN_QSCALE, Math.round(scale / SCALE_PER_QSCALE)))
}

/** The reverse. */
export function percentOf (qscale: number): number {
  const scale = SCALE_PER_QSCALE * qscale
  return Math.round(scale <= 100 ? 100 - scale / 2 : 5_000 / scale)
}
