import { CamgateError } from '../errors.js'
import { encoderArguments, supports, type Coding } from './encoder.js'
import { paletteOf } from './palette.js'
import { stripFilters } from './strip.js'

/** Everything that determines a clip. Sizes are in pixels, `fps` in pictures per second; `seconds` is whole and contains a whole number of pictures. */
export interface Scene extends Coding {
  id: string
  name: string
  seconds: number
  /** Draws ffmpeg's test picture instead, for an ffmpeg without the filter drawtext. */
  plain?: boolean
}

/** Files in ffmpeg's working directory, so that no path or name needs quoting. */
export const sceneFiles = { name: 'name.txt', font: 'regular.ttf', boldFont: 'bold.ttf' } as const

/** A standard deviation of 2.2 levels of 255, as of a small sensor in daylight. With half as much again, H.264 spends two thirds of its bits on noise. */
const SENSOR_NOISE = 'noise=alls=4:allf=t'

/** ffmpeg's arguments that draw the scene once into `output`. It loops smoothly. */
export function sceneArguments (scene: Scene, output: string): string[] {
  return [
    '-hide_banner', '-loglevel', 'error', '-y',
    '-filter_complex', [...scene.plain ? testPicture(scene) : [...backdrop(scene), ...balls(scene), ...writing()], SENSOR_NOISE, ...stripFilters()].join(','),
    '-frames:v', String(pictureCount(scene)),
    ...encoderArguments(scene),
    output
  ]
}

/** Rounded, because fractions such as 0.3 are inexact in binary. */
export const pictureCount = ({ fps, seconds }: Scene): number => Math.round(fps * seconds)

/** Returns the scene if the strip, the encoders and RFC 2435 allow it. Throws BAD_SCENE. */
export function checkScene (scene: Scene): Scene {
  const { id, codec, width, height, fps, seconds } = scene
  const step = codec === 'mjpeg' ? 8 : 2
  const maxSide = codec === 'mjpeg' ? 2040 : 7680
  const sizesFit = [width, height].every(size => size % step === 0 && size <= maxSide) && width >= 256 && height >= 64
  if (!sizesFit) {
    throw new CamgateError('BAD_SCENE', `Simulated camera ${id}: expected a size from 256x64 to ${maxSide}x${maxSide} in steps of ${step}, received ${width}x${height}.`)
  }
  const unsupported = scene.structures?.filter(structure => !supports(codec, structure)) ?? []
  if (unsupported.length > 0) throw new CamgateError('BAD_SCENE', `Simulated camera ${id}: ${codec} cannot do ${unsupported.join(', ')}.`)
  const count = pictureCount(scene)
  if (!Number.isInteger(seconds) || Math.abs(fps * seconds - count) > 1e-6 || !(fps > 0 && seconds > 0 && count > 0 && count <= 65_536)) {
    throw new CamgateError('BAD_SCENE', `Simulated camera ${id}: expected whole seconds with a whole number of pictures, at most 65536, received ${seconds} with ${fps} a second.`)
  }
  return scene
}

const testPicture = ({ width, height, fps }: Scene): string[] => [`testsrc2=s=${width}x${height}:r=${fps}`, 'format=yuv420p']

function backdrop ({ id, width, height, fps }: Scene): string[] {
  const { dark, deep, soft } = paletteOf(id)
  return [
    `gradients=s=${width}x${height}:c0=${dark}:c1=${deep}:x0=0:y0=0:x1=${width}:y1=${height}:n=2:speed=0.00001:r=${fps}`,
    'trim=end_frame=1',
    disc(1.3, `${soft}@0.16`, '0.76', '0.47'),
    `loop=loop=-1:size=1,settb=1/${fps},setpts=N,format=yuv420p`
  ]
}

/** Discs on closed curves. Each goes round a whole number of times per loop. */
function balls ({ id, seconds }: Scene): string[] {
  const { soft, warm } = paletteOf(id)
  const swing = (wave: 'sin' | 'cos', middle: number, reach: number, turns: number, phase: number) =>
    `(${middle}+${reach}*${wave}(2*PI*(${turns}*t/${seconds}+${phase})))`
  return [
    disc(0.8, `${warm}@0.22`, swing('sin', 0.62, 0.16, 1, 0.33), swing('cos', 0.55, 0.1, 1, 0.33)),
    disc(0.42, `${soft}@0.45`, swing('sin', 0.66, 0.22, 1, 0.7), swing('cos', 0.45, 0.22, 2, 0.7)),
    disc(0.24, `${warm}@0.75`, swing('sin', 0.6, 0.3, 2, 0.15), swing('cos', 0.4, 0.24, 1, 0.15)),
    disc(0.12, 'white@0.8', swing('sin', 0.55, 0.36, 1, 0.5), swing('cos', 0.45, 0.3, 3, 0.5))
  ]
}

/** A glyph, because drawbox draws only boxes. `x` and `y` give its centre as fractions of width and height. */
const disc = (size: number, colour: string, x: string, y: string) =>
  `drawtext=fontfile=${sceneFiles.font}:text=●:fontsize=h*${size}:fontcolor=${colour}:x='w*${x}-tw/2':y='h*${y}-th/2'`

function writing (): string[] {
  const { name, font, boldFont } = sceneFiles
  return [
    `drawtext=fontfile=${boldFont}:textfile=${name}:expansion=none:fontsize=h*0.105:fontcolor=white:` +
    'shadowcolor=black@0.35:shadowx=2:shadowy=2:x=w*0.05:y=h*0.09',
    `drawtext=fontfile=${font}:text='%{eif\\:floor(t)\\:d\\:2}.%{eif\\:mod(floor(t*10+0.01),10)\\:d} s':` +
    'fontsize=h*0.045:fontcolor=white@0.75:x=w*0.052:y=h*0.225'
  ]
}
