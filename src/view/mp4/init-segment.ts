import { ascii, box, fullBox, u16, u32, zeros, type Part } from './boxes.js'
import type { SampleFormat } from './sample-format.js'

/** The track's times are in microseconds. */
const TIMESCALE = 1_000_000
export const TRACK = 1

const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap(u32)
const LANGUAGE_UNDETERMINED = u16(0x55c4)
/** 72 pixels per inch, 16.16. */
const RESOLUTION = u32(0x480000)

export interface Track {
  readonly format: SampleFormat
  readonly description: readonly Part[]
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/**
 * The segment in front of fragments of one video track, ISO/IEC 14496-12. No box says how long the film is: from that, browsers conclude that
 * it is live, and show a picture as soon as it is decoded.
 */
export function initSegment (track: Track): Uint8Array<ArrayBuffer>[] {
  return [
    box('ftyp', ascii('iso5'), u32(512), ascii('iso5iso6mp41')),
    box('moov',
      fullBox('mvhd', 0, 0, zeros(8), u32(TIMESCALE), u32(0), u32(0x10000), u16(0x100), zeros(10), MATRIX, zeros(24), u32(TRACK + 1)),
      trackBox(track),
      box('mvex', fullBox('trex', 0, 0, u32(TRACK), u32(1), zeros(12))))
  ]
}

const trackBox = ({ format, description, width, height }: Track): Uint8Array =>
  box('trak',
    fullBox('tkhd', 0, 3, zeros(8), u32(TRACK), zeros(24), MATRIX, u16(width), u16(0), u16(height), u16(0)),
    box('mdia',
      fullBox('mdhd', 0, 0, zeros(8), u32(TIMESCALE), u32(0), LANGUAGE_UNDETERMINED, u16(0)),
      fullBox('hdlr', 0, 0, zeros(4), ascii('vide'), zeros(13)),
      box('minf',
        fullBox('vmhd', 0, 1, zeros(8)),
        box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
        box('stbl',
          fullBox('stsd', 0, 0, u32(1), box(format.entry,
            zeros(6), u16(1), zeros(16), u16(width), u16(height), RESOLUTION, RESOLUTION, zeros(4), u16(1), zeros(32), u16(24), u16(0xffff),
            box(format.configuration, ...description))),
          fullBox('stts', 0, 0, u32(0)),
          fullBox('stsc', 0, 0, u32(0)),
          fullBox('stsz', 0, 0, zeros(8)),
          fullBox('stco', 0, 0, u32(0))))))
