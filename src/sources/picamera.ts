import { Type, type Static } from 'typebox'
import type { Failure } from '../failure/failure.js'
import { endedFailure, type Ended } from '../failure/ended.js'
import { percentOf } from './quality.js'
import { swapsSides } from '../picture-size.js'

const oneOf = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Optional(Type.Union(names.map(name => Type.Literal(name)), { description }))

const number = (minimum: number, maximum: number, description: string) => Type.Optional(Type.Number({ minimum, maximum, description }))

export const PicameraSchema = Type.Object({
  type: Type.Literal('picamera'),
  camera: Type.Optional(Type.Integer({ minimum: 0, maximum: 15, default: 0, description: 'Which one, if there are several: `rpicam-hello --list-cameras` counts them.' })),
  shutter: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000_000, description: 'A fixed exposure time, in microseconds.' })),
  gain: number(1, 64, 'A fixed gain.'),
  ev: number(-10, 10, 'Brighter or darker than what is measured, in stops.'),
  exposure: oneOf(['normal', 'sport'], 'sport: short exposures for moving subjects.'),
  metering: oneOf(['centre', 'spot', 'average'], 'Where the light is measured.'),
  awb: oneOf(['auto', 'incandescent', 'tungsten', 'fluorescent', 'indoor', 'daylight', 'cloudy'], 'The white balance.')
}, { additionalProperties: false, description: "A Raspberry Pi's own camera (CSI), by rpicam-vid or libcamera-vid." })

export type PicameraSource = Static<typeof PicameraSchema>

/** The program's two names, the newer one first. */
export const picameraPrograms = ['rpicam-vid', 'libcamera-vid']

export const picameraLabel = ({ camera = 0 }: PicameraSource): string => `Raspberry Pi camera ${camera}`

/** The wanted picture. `quality` is ffmpeg's -q:v. */
export interface PicameraPicture {
  readonly fps: number
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly quality?: number | undefined
  readonly rotate?: number | undefined
  readonly flip?: 'none' | 'horizontal' | 'vertical' | 'both' | undefined
  readonly crop?: object | undefined
}

/** Whether the sensor itself can produce the picture: it rotates by 180 degrees and mirrors, but neither rotates by 90 degrees nor crops. */
export const sensorDoes = ({ rotate, crop }: PicameraPicture): boolean => !swapsSides(rotate) && crop === undefined

/** Pixels. */
const DEFAULT_SIZE = { width: 1280, height: 720 }

/** Better than ffmpeg's default, because these JPEGs cost camgate nothing. */
const DEFAULT_QUALITY_PERCENT = 85

/** Without `--flush`, the end of a JPEG would wait in a buffer for the next one. A timeout of 0 means forever. */
export function picameraArguments ({ camera = 0, ...source }: PicameraSource, picture: PicameraPicture): string[] {
  const { fps, width, height, quality, rotate = 0, flip = 'none' } = picture
  const size = width !== undefined || height !== undefined
    ? { width: width ?? even(height! * 16 / 9), height: height ?? even(width! * 9 / 16) }
    : DEFAULT_SIZE
  const { type: _, ...wishes } = source
  return [
    '--codec', 'mjpeg', '--output', '-', '--timeout', '0', '--nopreview', '--flush', '--camera', String(camera),
    '--width', String(size.width), '--height', String(size.height), '--framerate', String(fps), '--quality', String(quality === undefined ? DEFAULT_QUALITY_PERCENT : percentOf(quality)),
    ...rotate ? ['--rotation', String(rotate)] : [], ...flips[flip],
    ...Object.entries(wishes).flatMap(([name, value]) => [`--${name}`, String(value)])
  ]
}

const flips = { none: [], horizontal: ['--hflip'], vertical: ['--vflip'], both: ['--hflip', '--vflip'] }

const even = (pixels: number) => 2 * Math.round(pixels / 2)

export const noPicameraProgram: Failure = {
  code: 'no-program',
  message: 'Neither rpicam-vid nor libcamera-vid is there. On Raspberry Pi OS: sudo apt install rpicam-apps. The Docker image does not contain it.'
}

const signs: ReadonlyArray<readonly [RegExp, Failure['code'], string]> = [
  [/Could not open any dma|Permission denied/i, 'not-permitted', 'camgate may not open the Raspberry Pi camera. Add the user that it runs as to the group video (sudo usermod -aG video USER, then log in again).'],
  [/failed to acquire camera|in use by another process|Device or resource busy/i, 'busy', 'The Raspberry Pi camera is used by another program, and serves one at a time. Close the other one.'],
  [/no cameras available|selected camera is not available/i, 'no-device', 'The Raspberry Pi finds no such camera. Check its ribbon cable with the power off, and camera: in cameras.yaml; rpicam-hello --list-cameras lists those that there are.'],
  [/unrecognised option|the argument .* for option/i, 'unsupported', 'This rpicam-vid is too old for an option of the source. Update rpicam-apps, or leave the option out.']
]

/** Classifies the end of rpicam-vid. */
export function picameraFailure (end: Ended): Failure {
  const { stderr, spawnError } = end
  if (spawnError === 'ENOENT') return noPicameraProgram
  if (spawnError) return { code: 'exited', message: `rpicam-vid cannot be started (${spawnError}).` }
  const [, known, message] = signs.find(([sign]) => stderr.some(line => sign.test(line))) ?? []
  if (known && message) return { code: known, message }
  return endedFailure('rpicam-vid', end, stderr.findLast(line => /ERROR/.test(line))?.replace(/^.*ERROR:?\s*/, ''))
}
