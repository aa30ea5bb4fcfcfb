import { CamgateError } from './errors.js'

/** In pixels. */
export interface Size { readonly width: number, readonly height: number }

/** For one coded picture. A 4K JPEG at the best quality takes about half of it. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024

/** 2^25 allows 8K (7680x4320), even in portrait, when ffmpeg counts a width of 4352. Decoded, that is 50 MB. */
export const MAX_PICTURE_PIXELS = 33_554_432

/** The message about a picture with more than MAX_PICTURE_PIXELS. */
export const tooLargeSentence = (
  { width, height }: Size, what = "The camera's picture", remedy = 'Set a smaller one in the camera, or take another of its streams.'
): string => `${what} of ${width}x${height} is larger than camgate reads (33 megapixels). ${remedy}`

/** Call this before decoding: a few bytes can claim any size. @throws {CamgateError} PICTURE_TOO_LARGE */
export function checkSize (size: Size): void {
  if (size.width * size.height > MAX_PICTURE_PIXELS) throw new CamgateError('PICTURE_TOO_LARGE', tooLargeSentence(size))
}

/** The size that ffmpeg refused because of `MAX_PICTURE_PIXELS`, from its output. */
export function refusedSize (output: string): Size | undefined {
  const [, width, height] = /Picture size (\d+)x(\d+) exceeds specified max pixel count/.exec(output) ?? []
  return width && height ? { width: Number(width), height: Number(height) } : undefined
}

/** Whether rotating by `rotate` degrees, a multiple of 90, swaps width and height. */
export const swapsSides = (rotate = 0): boolean => rotate % 180 !== 0

/** A picture's size after that rotation. It is its own inverse: from the size after it, it returns the size before. */
export const rotated = <Pixels>({ width, height }: { width: Pixels, height: Pixels }, rotate?: number): { width: Pixels, height: Pixels } =>
  swapsSides(rotate) ? { width: height, height: width } : { width, height }
