/** Whether a turn by so many degrees, a multiple of 90, lays a picture on its side. */
export const laysOnSide = (rotate = 0): boolean => rotate % 180 !== 0

/** A picture's size behind such a turn; or before it, of what is wanted behind. */
export const turned = <Pixels>({ width, height }: { width: Pixels, height: Pixels }, rotate?: number): { width: Pixels, height: Pixels } =>
  laysOnSide(rotate) ? { width: height, height: width } : { width, height }
