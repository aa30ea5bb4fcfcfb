/**
 * Each picture shows its number within the clip: a row of black and white squares along the bottom edge
 * from the left, most significant bit first, white for 1. Sizes are in pixels of the full-size picture.
 */
export const strip = { blocks: 16, blockSize: 16 } as const

/** ffmpeg filters that draw the strip. `n` is the picture's number, of 16 bits. */
export function stripFilters (): string[] {
  const { blocks, blockSize } = strip
  const box = (x: number, width: number, colour: string) =>
    `drawbox=x=${x}:y=ih-${blockSize}:w=${width}:h=${blockSize}:color=${colour}:t=fill`
  const squares = Array.from({ length: blocks }, (_, block) =>
    `${box(block * blockSize, blockSize, 'white')}:enable='bitand(n,${2 ** (blocks - 1 - block)})'`)
  return [box(0, blocks * blockSize, 'black'), ...squares]
}

export interface GrayPicture { pixels: Uint8Array; width: number; height: number }

/**
 * Reads the number from a gray8 picture, or from its bottom rows only.
 * @param scale the size relative to the full-size picture: 0.5 if it was halved
 * @returns null if a square is neither dark nor light: the picture has no strip, or is damaged there
 */
export function readFrameNumber ({ pixels, width, height }: GrayPicture, scale = 1): number | null {
  const size = strip.blockSize * scale
  let number = 0
  for (let block = 0; block < strip.blocks; block++) {
    const level = meanAround(pixels, width, (block + 0.5) * size, height - size / 2, size / 4)
    if (level > 85 && level < 170) return null
    number = number * 2 + (level >= 170 ? 1 : 0)
  }
  return number
}

/** The mean of a square's middle, away from the edges that compression and scaling blur. */
function meanAround (pixels: Uint8Array, width: number, x: number, y: number, reach: number): number {
  let sum = 0
  let count = 0
  for (let row = Math.floor(y - reach); row < y + reach; row++) {
    for (let column = Math.floor(x - reach); column < x + reach; column++) {
      sum += pixels[row * width + column] ?? 127
      count++
    }
  }
  return sum / count
}
