import { Type, type Static } from 'typebox'
import type { NamedInput } from './source.js'

export const PatternSchema = Type.Object({
  type: Type.Literal('pattern')
}, { additionalProperties: false, description: 'A moving test picture that ffmpeg draws, at the width, height and fps of the camera.' })

export type PatternSource = Static<typeof PatternSchema>

export const patternLabel = (): string => 'test pattern'

/** `width` and `height` are in pixels. */
export function patternInput ({ width, height, fps = 20 }: { width?: number | undefined, height?: number | undefined, fps?: number }): NamedInput {
  const w = width ?? (height === undefined ? 640 : 2 * Math.round(height * 8 / 9)) // JPEG's 4:2:0 wants even numbers
  const h = height ?? 2 * Math.round(w * 9 / 32)
  return { args: ['-re', '-f', 'lavfi'], name: `testsrc2=size=${w}x${h}:rate=${fps}` }
}
