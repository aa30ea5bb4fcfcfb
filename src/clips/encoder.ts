export type Codec = 'h264' | 'h265' | 'mjpeg'

/** Coding structures that are harder to decode. */
export const structures = ['slices', 'b-frames', 'interlaced', 'long-gop'] as const
export type Structure = typeof structures[number]

export interface Coding {
  codec: Codec
  /** Pixels. */
  width: number
  height: number
  fps: number
  structures?: readonly Structure[]
  /** From one key picture to the next. By default 1, or 5 with `long-gop`. */
  keySeconds?: number | undefined
  /** For H.264 and H.265. By default as the picture needs it, at most 0.15 a pixel. */
  bitsPerSecond?: number | undefined
}

/** Whether the codec and its encoder support the structure. */
export const supports = (codec: Codec, structure: Structure): boolean => codec === 'h264' || (codec === 'h265' && structure !== 'interlaced')

/**
 * For H.264 of high quality at 12 pictures a second, guides for buyers name 0.9 Mbit/s for 704x576, 1.8 for 1280x720 and 4.1 for 1920x1080: 0.16 to 0.18.
 * @see https://iviport.com.ua/en/faq/kakuju-polosu-kanala-neobhodimo-imet-dlja-podkljuchenija-ip-videokamery
 */
const MAX_BITS_PER_PIXEL = 0.15
/** With less, the numbers in small pictures would blur. */
const MIN_BITS_PER_SECOND = 256_000

/** ffmpeg's arguments to encode as cameras do: a key picture every second, and each picture can be decoded at once. */
export function encoderArguments ({ codec, width, height, fps, structures = [], keySeconds = structures.includes('long-gop') ? 5 : 1, bitsPerSecond }: Coding): string[] {
  const has = (structure: Structure) => structures.includes(structure)
  const keyEvery = Math.max(1, Math.round(fps * keySeconds))
  const slices = has('slices') ? 4 : 1
  const bFrames = has('b-frames') ? 2 : 0
  const maxRate = `${bitsPerSecond ?? Math.max(MIN_BITS_PER_SECOND, Math.round(MAX_BITS_PER_PIXEL * width * height * fps))}`
  const rate = [...bitsPerSecond === undefined ? ['-crf', '23'] : ['-b:v', maxRate], '-maxrate', maxRate, '-bufsize', maxRate]
  switch (codec) {
    // RFC 2435 cannot carry Huffman tables, so MJPEG uses the standard ones.
    case 'mjpeg': return ['-c:v', 'mjpeg', '-huffman', 'default', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-f', 'mjpeg']
    case 'h264': return [
      '-c:v', 'libx264', '-profile:v', 'main', '-preset', 'veryfast', '-pix_fmt', 'yuv420p',
      '-bf', `${bFrames}`, '-g', `${keyEvery}`, '-keyint_min', `${keyEvery}`, '-sc_threshold', '0',
      '-x264-params', `slices=${slices}:sliced-threads=0${has('b-frames') ? ':b-adapt=0:b-pyramid=none' : ''}${has('interlaced') ? ':tff=1' : ''}`,
      ...rate, '-f', 'h264'
    ]
    case 'h265': return [
      '-c:v', 'libx265', '-preset', 'superfast', '-pix_fmt', 'yuv420p', '-x265-params',
      `keyint=${keyEvery}:min-keyint=${keyEvery}:scenecut=0:open-gop=0:bframes=${bFrames}:b-adapt=0:b-pyramid=0:slices=${slices}:repeat-headers=1:log-level=none`,
      ...rate, '-f', 'hevc'
    ]
  }
}
