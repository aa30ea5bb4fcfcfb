export type Codec = 'h264' | 'h265' | 'mjpeg'

/** Coding structures that are harder to decode. */
export const structures = ['slices', 'b-frames', 'interlaced', 'long-gop'] as const
export type Structure = typeof structures[number]

export interface Coding {
  codec: Codec
  fps: number
  structures?: readonly Structure[]
  /** From one key picture to the next. By default 1, or 5 with `long-gop`. */
  keySeconds?: number | undefined
  /** For H.264 and H.265. By default as the picture needs it, at most 1 Mbit/s. */
  bitsPerSecond?: number | undefined
}

/** Whether the codec and its encoder support the structure. */
export const supports = (codec: Codec, structure: Structure): boolean => codec === 'h264' || (codec === 'h265' && structure !== 'interlaced')

/** ffmpeg's arguments to encode as cameras do: a key picture every second, and each picture can be decoded at once. */
export function encoderArguments ({ codec, fps, structures = [], keySeconds = structures.includes('long-gop') ? 5 : 1, bitsPerSecond }: Coding): string[] {
  const has = (structure: Structure) => structures.includes(structure)
  const keyEvery = Math.max(1, Math.round(fps * keySeconds))
  const slices = has('slices') ? 4 : 1
  const bFrames = has('b-frames') ? 2 : 0
  const rate = bitsPerSecond === undefined ? ['-crf', '23', '-maxrate', '1M', '-bufsize', '1M'] : ['-b:v', `${bitsPerSecond}`, '-maxrate', `${bitsPerSecond}`, '-bufsize', `${bitsPerSecond}`]
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
