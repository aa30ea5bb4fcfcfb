import { needOf, type Coefficients, type Installation } from '../../docs/.vitepress/theme/sizing/formula.js'
import { table } from '../table.js'

const nobody = { cameras: 0, viewersOfEach: 0 }
const clock: Installation = {
  cameras: 1, codec: 'h264', width: 960, height: 544, picturesPerSecond: 20, megabitsPerSecond: 2, full: nobody, rendition: { ...nobody, width: 640, height: 360 }, liveTiles: 0
}
const watched = { cameras: 1, viewersOfEach: 1 }

/** What other benchmarks found, in percent of one core, in docs/benchmarks.md of 2026-11-27. Bit rates are those of the simulated scenes. */
const OTHERS: ReadonlyArray<{ readonly name: string, readonly what: string, readonly percent: number, readonly installation: Installation, readonly isCamgateAlone?: true }> = [
  { name: 'cpu', what: 'one H.264 camera, 0.3 Mbit/s, and one viewer', percent: 7.5, installation: { ...clock, megabitsPerSecond: 0.3, full: watched } },
  { name: 'cpu', what: 'one MJPEG camera, 3 Mbit/s, and one viewer', percent: 1.3, installation: { ...clock, codec: 'mjpeg', megabitsPerSecond: 3.1, full: watched } },
  { name: 'idle', what: '64 cameras, 2 Mbit/s, unwatched', percent: 64 * 0.13, installation: { ...clock, cameras: 64 } },
  { name: 'idle', what: '4 cameras, 2 Mbit/s, all decoded, unwatched', percent: 4 * 7.87, installation: { ...clock, cameras: 4, full: { cameras: 4, viewersOfEach: 0 } } },
  { name: 'live', what: '36 cameras of 640x360, 15 fps, 0.25 Mbit/s, unwatched', percent: 2.5, installation: { ...clock, cameras: 36, width: 640, height: 360, picturesPerSecond: 15, megabitsPerSecond: 0.25 } },
  { name: 'live', what: 'the same, each as a live tile', percent: 6.5, installation: { ...clock, cameras: 36, width: 640, height: 360, picturesPerSecond: 15, megabitsPerSecond: 0.25, liveTiles: 36 } },
  { name: 'fanout', what: '100 viewers of JPEGs of 42 kB, camgate alone', percent: 5, installation: { ...clock, kilobytesOfJpeg: 42, full: { cameras: 1, viewersOfEach: 100 } }, isCamgateAlone: true }
]

/** Other benchmarks beside what the formula says of their cameras and viewers. */
export function besideTable (coefficients: Coefficients): string {
  return table(['benchmark', 'cameras of 960x544, 20 fps, or as said', 'measured there', 'by the formula'], OTHERS.map(({ name, what, percent, installation, isCamgateAlone }) => {
    const { camgateCores, ffmpegCores } = needOf(installation, coefficients)
    return [`[${name}](benchmarks.md#${name})`, what, `${percent.toFixed(1)} %`, `${(100 * (camgateCores + (isCamgateAlone ? 0 : ffmpegCores))).toFixed(1)} %`]
  }))
}
