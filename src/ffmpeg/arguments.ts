import { MAX_PICTURE_PIXELS } from '../picture-size.js'
import type { FfmpegDialect } from './dialect.js'
import { filters, type FurtherFilters, type Origin } from './filters.js'
import type { PictureSettings } from './picture-settings.js'

/** The -q:v for a camera without `quality`. */
const DEFAULT_QUALITY = 5
const toStdout = ['-flush_packets', '1', '-f', 'mjpeg']

/** Arguments before every input, so that ffmpeg does not allocate memory for larger pictures. */
export const pictureLimit: readonly string[] = ['-max_pixels', String(MAX_PICTURE_PIXELS)]

/** Arguments that read `name` with these options. fluent-ffmpeg adds the `-i` itself, and gets only `pictureLimit`. */
export const inputArguments = (name: string, args: readonly string[] = []): string[] => [...pictureLimit, ...args, '-i', name]

/** Arguments after the input of a camera that sends MJPEG: copy its JPEGs to stdout, at its own rate. */
export const copyArguments: readonly string[] = ['-map', '0:v:0', '-c:v', 'copy', ...toStdout]

/**
 * Arguments after the input: write each JPEG to stdout as soon as possible. `-threads 1`, because each frame thread adds a frame of
 * delay. One filter thread, because waking more costs more than they save.
 */
export function outputArguments (picture: PictureSettings, dialect: FfmpegDialect, from: Origin = 'camera', further: FurtherFilters = {}): string[] {
  return [
    '-map', '0:v:0',
    '-filter_threads', '1', '-vf', filters(picture, dialect, from, further).join(','),
    '-c:v', 'mjpeg', '-q:v', String(picture.quality ?? DEFAULT_QUALITY), '-threads', '1',
    ...from === 'planes' ? ['-strict', 'unofficial', '-color_range', 'pc'] : [], // otherwise the encoder requires a yuvj format, and the scaler converts to it
    ...dialect.passthrough, '-enc_time_base', '1:1000000',
    ...toStdout
  ]
}

/** Arguments before `-i pipe:0` for whole pictures that arrive one by one, with or without a container. */
export function directInput (stream: 'h264' | 'h265' | 'mjpeg' | 'matroska'): string[] {
  const format = { h264: 'h264', h265: 'hevc', mjpeg: 'mpjpeg', matroska: 'matroska' }[stream]
  return ['-flags', 'low_delay', '-threads', '1', '-probesize', '32', '-fpsprobesize', '0', '-f', format]
}

/** A second output, after all others: print the size in bytes of each picture that ffmpeg reads, in a line on descriptor 3. */
export const takenArguments: readonly string[] = [
  '-map', '0:v:0', '-c:v', 'copy', '-copyinkf', '-flush_packets', '1', '-f', 'framecrc', 'pipe:3'
]

/** Print the input time of each output JPEG, in a line on descriptor 3. Needs `-copyts` on the input. */
export const shownArguments: readonly string[] = ['-stats_mux_pre:v', 'pipe:3', '-stats_mux_pre_fmt:v', 'shown {ptsi}']
