import { MOST_PIXELS } from '../picture-size.js'
import type { FfmpegDialect } from './dialect.js'
import { filters, type Origin } from './filters.js'
import type { Picture } from './picture.js'

/** ffmpeg's -q:v where nobody has said another. */
const QUALITY = 5
const toStdout = ['-flush_packets', '1', '-f', 'mjpeg']

/** ffmpeg's arguments in front of every input: it allocates nothing for pictures that are larger than this. */
export const pictureLimit: readonly string[] = ['-max_pixels', String(MOST_PIXELS)]

/** ffmpeg's arguments that read `name`, with these of the input's own. Where fluent-ffmpeg writes the `-i`, it is given `pictureLimit`. */
export const inputArguments = (name: string, args: readonly string[] = []): string[] => [...pictureLimit, ...args, '-i', name]

/** ffmpeg's arguments behind the input of a camera that sends MJPEG: its own JPEGs on stdout, at its own rate. */
export const copyArguments: readonly string[] = ['-map', '0:v:0', '-c:v', 'copy', ...toStdout]

/**
 * ffmpeg's arguments behind its input: JPEGs on stdout, each as soon as it can be. `-threads 1` because frame threads cost one
 * frame of delay each; one for the filters, because to wake others takes longer than they save.
 */
export function outputArguments (picture: Picture, dialect: FfmpegDialect, from: Origin = 'camera', further: readonly string[] = []): string[] {
  return [
    '-map', '0:v:0',
    '-filter_threads', '1', '-vf', filters(picture, dialect, from, further).join(','),
    '-c:v', 'mjpeg', '-q:v', String(picture.quality ?? QUALITY), '-threads', '1',
    ...from === 'planes' ? ['-strict', 'unofficial', '-color_range', 'pc'] : [], // or it wants a format that says so, and has the scaler make it
    ...dialect.passthrough, '-enc_time_base', '1:1000000',
    ...toStdout
  ]
}

/** ffmpeg's arguments in front of `-i pipe:0` for pictures that it is given one by one, whole: one behind the other, or in a container. */
export function directInput (stream: 'h264' | 'h265' | 'mjpeg' | 'matroska'): string[] {
  const format = { h264: 'h264', h265: 'hevc', mjpeg: 'mpjpeg', matroska: 'matroska' }[stream]
  return ['-flags', 'low_delay', '-threads', '1', '-probesize', '32', '-fpsprobesize', '0', '-f', format]
}

/** A second output that tells, in a line for each, how many bytes a picture had that ffmpeg has taken: behind all others, to descriptor 3. */
export const takenArguments: readonly string[] = [
  '-map', '0:v:0', '-c:v', 'copy', '-copyinkf', '-flush_packets', '1', '-f', 'framecrc', 'pipe:3'
]

/** For each JPEG that comes out, the time that the picture had which it was made of, in a line on descriptor 3: for input with `-copyts`. */
export const shownArguments: readonly string[] = ['-stats_mux_pre:v', 'pipe:3', '-stats_mux_pre_fmt:v', 'shown {ptsi}']
