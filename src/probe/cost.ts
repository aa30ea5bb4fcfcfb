import type { VideoReport } from './report.js'

/** Measured in docs/benchmarks.md (idle and cpu), in percent of one core: H.264 of 960x544, 20 pictures and 2 Mbit a second; a camera's own JPEGs passed on. */
export const MEASURED = { read: 0.13, watched: 7.9, copied: 1.3, pixelsPerSecond: 960 * 544 * 20, bitsPerSecond: 2_000_000 } as const

/** What a camera would cost, in words; null while too little is known. A guess: the work grows with the pixels and the bits. */
export function costOf ({ codec, width, height, fps, bitsPerSecond }: VideoReport): string | null {
  if (width === null || height === null || fps === null) return null
  const load = Math.max(0.1, width * height * fps / MEASURED.pixelsPerSecond)
  if (codec === 'mjpeg') return `About ${percent(MEASURED.copied * load)} of a core: its JPEGs are passed on as they are. ${SOURCE}`
  const bits = Math.max(0.5, (bitsPerSecond ?? MEASURED.bitsPerSecond) / MEASURED.bitsPerSecond)
  return `About ${percent(MEASURED.read * bits)} of a core to read it, and ${percent(MEASURED.watched * load)} while somebody watches its JPEGs. ${SOURCE}`
}

const SOURCE = 'Reckoned from what docs/benchmarks.md measured on another machine.'

const percent = (value: number): string => `${value < 1 ? value.toFixed(1) : Math.round(value)} %`
