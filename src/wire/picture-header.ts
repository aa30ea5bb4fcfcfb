import type { Accepted } from './messages.js'

/** Version u8, kind u8, flags u8, reserved u8, tile u16, epoch u16, sequence u32, time u64 in microseconds; big-endian. The picture's bytes follow. */
export const HEADER_BYTES = 20
const VERSION = 1
const KINDS: readonly Accepted[] = ['h264', 'h265', 'jpeg']
const KEY = 1
const DISCONTINUITY = 2
const STATUS_FRAME = 4

export interface PictureHeader {
  readonly kind: Accepted
  /** Whether it can be decoded without other pictures. */
  readonly key: boolean
  /** Whether pictures before it were skipped. */
  readonly discontinuity: boolean
  /** A drawing in place of a picture: the camera sends none. */
  readonly statusFrame: boolean
  readonly tile: number
  /** Names the TileConfig of this picture; wraps at 65536. */
  readonly epoch: number
  /** Rises by one with each picture of a source; a gap means skipped pictures. Wraps. */
  readonly seq: number
  /** When its last byte had arrived at camgate, in milliseconds since 1970. */
  readonly wall: number
}

/** Writes the header into the first 20 bytes of `view`. */
export function writeHeader (view: DataView, { kind, key, discontinuity, statusFrame, tile, epoch, seq, wall }: PictureHeader): void {
  view.setUint8(0, VERSION)
  view.setUint8(1, KINDS.indexOf(kind) + 1)
  view.setUint8(2, (key ? KEY : 0) | (discontinuity ? DISCONTINUITY : 0) | (statusFrame ? STATUS_FRAME : 0))
  view.setUint8(3, 0)
  view.setUint16(4, tile)
  view.setUint16(6, epoch)
  view.setUint32(8, seq)
  view.setBigUint64(12, BigInt(Math.round(wall * 1000)))
}

/** Undefined if the bytes begin with no header of this version. */
export function readHeader (view: DataView): PictureHeader | undefined {
  if (view.byteLength < HEADER_BYTES || view.getUint8(0) !== VERSION) return undefined
  const kind = KINDS[view.getUint8(1) - 1]
  if (!kind) return undefined
  const flags = view.getUint8(2)
  return {
    kind,
    key: (flags & KEY) !== 0,
    discontinuity: (flags & DISCONTINUITY) !== 0,
    statusFrame: (flags & STATUS_FRAME) !== 0,
    tile: view.getUint16(4),
    epoch: view.getUint16(6),
    seq: view.getUint32(8),
    wall: Number(view.getBigUint64(12)) / 1000
  }
}
