import { CamgateError } from './errors.js'

/** Pixels. */
export interface Size { readonly width: number, readonly height: number }

/** Of one coded picture, 8 MiB: a 4K JPEG at the best quality takes about half of it. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024

/** 2^25 pixels: 8K (7680x4320) passes, upright as well, where ffmpeg counts the width as 4352. Decoded, it is 50 MB. */
export const MOST_PIXELS = 33_554_432

/** What a person reads of a picture that has more. */
export const tooLargeSentence = (
  { width, height }: Size, what = "The camera's picture", remedy = 'Set a smaller one in the camera, or take another of its streams.'
): string => `${what} of ${width}x${height} is larger than camgate reads (33 megapixels). ${remedy}`

/** To be called before anything is decoded: a few bytes may claim any size. @throws {CamgateError} PICTURE_TOO_LARGE */
export function checkSize (size: Size): void {
  if (size.width * size.height > MOST_PIXELS) throw new CamgateError('PICTURE_TOO_LARGE', tooLargeSentence(size))
}

/** The size that ffmpeg refused because of `MOST_PIXELS`, of what it printed. */
export function refusedSize (said: string): Size | undefined {
  const [, width, height] = /Picture size (\d+)x(\d+) exceeds specified max pixel count/.exec(said) ?? []
  return width && height ? { width: Number(width), height: Number(height) } : undefined
}
