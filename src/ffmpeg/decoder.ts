import type { Camera } from '../config/registry.js'

/** Hardware that decodes, by its `hwaccel` name. */
export type Hardware = Exclude<NonNullable<Camera['hwaccel']>, 'auto' | 'none'>

/** The codecs that are worth decoding in hardware. */
export type Codec = 'h264' | 'h265'

/** What decodes a camera's pictures within ffmpeg. */
export interface ChosenDecoder {
  readonly name: Hardware | 'software'
  /** Its arguments before `-i`. */
  readonly args: readonly string[]
  /** A sentence that explains why software decodes although hardware is configured. */
  readonly note?: string
}

export const software: ChosenDecoder = { name: 'software', args: [] }

/**
 * `-hwaccel` falls back to software for a stream that the hardware refuses, and returns frames in main memory, where the filters need
 * them. The others are separate decoders. So is QSV here, because its `-hwaccel` leaves frames on the graphics card, at least up to ffmpeg 7.
 * QSV also holds back four pictures by default.
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

/** Whether ffmpeg's stderr shows that the hardware refused the stream, so that ffmpeg decodes it in software. */
export const hasRefused = (stderr: readonly string[]): boolean => stderr.some(line => /hwaccel initiali[sz]ation returned error/.test(line))
