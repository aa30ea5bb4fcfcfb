import { checkSize, type Size } from '../picture-size.js'
import type { BitReader } from './bits.js'
import type { PictureFormat } from './coded-picture.js'

/** No camera has more. */
const MAX_SIDE_PIXELS = 16_384

/** Reads how much a sequence parameter set crops from opposite edges together, in chroma units. H.264 and H.265 have the same syntax. */
export function readCropping (bits: BitReader): { horizontal: number, vertical: number } {
  if (!bits.flag()) return { horizontal: 0, vertical: 0 }
  const [left, right, top, bottom] = [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()]
  return { horizontal: left + right, vertical: top + bottom }
}

/**
 * Returns the format, or undefined if it is invalid. Checks the coded size, because a decoder needs room for all of it, cropped or not.
 * @throws {CamgateError} PICTURE_TOO_LARGE
 */
export function checkedFormat (bits: BitReader, coded: Size, format: PictureFormat): PictureFormat | undefined {
  if (bits.broken || coded.width < 1 || coded.height < 1) return undefined
  checkSize(coded) // first: ffmpeg may decode a picture that we consider invalid
  if ([coded.width, coded.height].some(side => side > MAX_SIDE_PIXELS) || format.width < 1 || format.height < 1) return undefined
  return format
}
