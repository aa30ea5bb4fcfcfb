import type { Camera } from '../config/registry.js'

/** What decodes pictures in the place of ffmpeg's own code, by the names of `hwaccel`. */
export type Hardware = Exclude<NonNullable<Camera['hwaccel']>, 'auto' | 'none'>

/** Those that are worth a hardware's while. */
export type Codec = 'h264' | 'h265'

/** What decodes a camera's pictures. */
export interface Decoder {
  readonly name: Hardware | 'software'
  /** ffmpeg's arguments for it, in front of `-i`. */
  readonly args: readonly string[]
  /** Why it is software although hardware was asked for: a sentence. */
  readonly note?: string
}

export const software: Decoder = { name: 'software', args: [] }

/**
 * `-hwaccel` goes back to software where the hardware does not take a stream, and hands frames on in this machine's memory, where the filters
 * want them. The others are decoders of their own: QSV, too, whose `-hwaccel` leaves frames on the graphics card up to ffmpeg 7 at least,
 * and which would hold four pictures back.
 */
export function decoderArguments (hardware: Hardware, codec: Codec): string[] {
  const decoder = `${{ h264: 'h264', h265: 'hevc' }[codec]}_${hardware}`
  switch (hardware) {
    case 'vaapi':
    case 'cuda': return ['-hwaccel', hardware]
    case 'qsv': return ['-c:v', decoder, '-async_depth', '1']
    case 'v4l2m2m':
    case 'rkmpp': return ['-c:v', decoder]
  }
}

/** Whether ffmpeg says that this hardware does not take the stream: it then decodes it by itself. */
export const hasRefused = (stderr: readonly string[]): boolean => stderr.some(line => /hwaccel initiali[sz]ation returned error/.test(line))
