/** Whether rotating by `rotate` degrees, a multiple of 90, swaps width and height. */
export const swapsSides = (rotate = 0): boolean => rotate % 180 !== 0

/** A picture's size after that rotation. It is its own inverse: from the size after it, it returns the size before. */
export const rotated = <Pixels>({ width, height }: { width: Pixels, height: Pixels }, rotate?: number): { width: Pixels, height: Pixels } =>
  swapsSides(rotate) ? { width: height, height: width } : { width, height }
