/** Whether a turn by `rotate` degrees, a multiple of 90, swaps width and height. */
export const laysOnSide = (rotate = 0): boolean => rotate % 180 !== 0

/** A picture's size after such a turn; or before it, from the size after it. */
export const turned = <Pixels>({ width, height }: { width: Pixels, height: Pixels }, rotate?: number): { width: Pixels, height: Pixels } =>
  laysOnSide(rotate) ? { width: height, height: width } : { width, height }
