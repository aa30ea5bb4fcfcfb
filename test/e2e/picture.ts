import { spawnSync } from 'node:child_process'
import { findFfmpeg } from '../../src/ffmpeg/binary.js'

/** Row by row with `channels` bytes per pixel: 1 is grey, 3 is red, green and blue. */
export interface Picture { readonly width: number, readonly height: number, readonly channels: 1 | 3, readonly pixels: Buffer }

/** Decodes a JPEG with ffmpeg. */
export function decodeJpeg (jpeg: Buffer): Picture {
  const { stdout, stderr } = spawnSync(findFfmpeg()!, [
    '-v', 'error', '-xerror', '-f', 'mjpeg', '-i', 'pipe:0', '-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1'
  ], { input: jpeg, maxBuffer: Infinity })
  const [picture, ...more] = readPnm(stdout)
  if (!picture || more.length > 0 || stderr.length > 0) throw new Error(`not one whole JPEG: ${String(stderr)}`)
  return picture
}

/** Splits the output of ffmpeg's `pgm` and `ppm` encoders into pictures. */
export function readPnm (bytes: Buffer): Picture[] {
  const pictures: Picture[] = []
  for (let at = 0; at < bytes.length;) {
    const header = /^P([56])\n(\d+) (\d+)\n255\n/.exec(bytes.toString('latin1', at, at + 40))
    if (!header) throw new Error(`no picture at byte ${at} of ${bytes.length}`)
    const [width, height, channels] = [Number(header[2]), Number(header[3]), header[1] === '5' ? 1 as const : 3 as const]
    const start = at + header[0].length
    at = start + width * height * channels
    if (at > bytes.length) throw new Error('the last picture is not whole')
    pictures.push({ width, height, channels, pixels: bytes.subarray(start, at) })
  }
  return pictures
}

/** The bytes of one pixel. */
export const pixelAt = ({ width, channels, pixels }: Picture, x: number, y: number): number[] =>
  [...pixels.subarray((y * width + x) * channels, (y * width + x + 1) * channels)]

/** The distance of its most colourful pixel from grey: 0 to 255. */
export function colourOf ({ channels, pixels }: Picture): number {
  let distance = 0
  for (let i = 0; i < pixels.length; i += channels) {
    const pixel = pixels.subarray(i, i + channels)
    distance = Math.max(distance, Math.max(...pixel) - Math.min(...pixel))
  }
  return distance
}
