import type { FfmpegDialect } from './dialect.js'

/** What a camera's pictures shall be like. */
export interface Picture {
  /** The highest rate, frames a second; every picture is taken unless given. */
  readonly fps?: number | undefined
  /** ffmpeg's -q:v: 2 is best, 31 is smallest; 5 unless given. */
  readonly quality?: number | undefined
  /** Pixels; with one of them given the other follows, with both the picture fits inside. Its aspect is kept. */
  readonly width?: number | undefined
  readonly height?: number | undefined
}

const QUALITY = 5
const toStdout = ['-flush_packets', '1', '-f', 'mjpeg']

/** ffmpeg's arguments behind the input of a camera that sends MJPEG: its own JPEGs on stdout, at its own rate. */
export const copyArguments: readonly string[] = ['-map', '0:v:0', '-c:v', 'copy', ...toStdout]

/**
 * ffmpeg's arguments behind its input: JPEGs on stdout, each as soon as it can be. `-threads 1` because frame threads cost one
 * frame of delay each. Behind the filters a frame's time is this machine's, in microseconds, which is the encoder's time base:
 * an encoder that is given a time twice, or an earlier one, ends ffmpeg, and cameras jitter, set their clocks and change their
 * size (which starts the filters anew, so that a mere count would begin again). Pictures without a time of their own are thinned by
 * when they came, too.
 */
export function outputArguments (picture: Picture, dialect: FfmpegDialect, times: 'camera' | 'none' = 'camera'): string[] {
  const onOurTime = ['settb=AVTB', risingTime]
  return [
    '-map', '0:v:0',
    '-vf', (times === 'camera' ? [...thin(picture), ...scale(picture), ...onOurTime] : [...onOurTime, ...thin(picture), ...scale(picture)]).join(','),
    '-c:v', 'mjpeg', '-q:v', String(picture.quality ?? QUALITY), '-threads', '1',
    ...dialect.passthrough, '-enc_time_base', '1:1000000',
    ...toStdout
  ]
}

/** ffmpeg's arguments in front of `-i pipe:0` for a stream that camgate reads itself: pictures that are whole, one behind the other. */
export function directInput (codec: 'h264' | 'h265' | 'mjpeg'): string[] {
  const format = { h264: 'h264', h265: 'hevc', mjpeg: 'mpjpeg' }[codec]
  return ['-flags', 'low_delay', '-threads', '1', '-probesize', '32', '-fpsprobesize', '0', '-f', format]
}

/** A second output that tells, in a line for each, how many bytes a picture had that ffmpeg has taken: behind all others, to descriptor 3. */
export const takenArguments: readonly string[] = [
  '-map', '0:v:0', '-c:v', 'copy', '-copyinkf', '-flush_packets', '1', '-f', 'framecrc', 'pipe:3'
]

const risingTime = "setpts='if(isnan(PREV_OUTPTS),RTCTIME,max(RTCTIME,PREV_OUTPTS+1))'" // RTCTIME is wall time, which may go back

/**
 * Drops frames before they are encoded, with no delay: the `fps` filter would hold each frame until the next one. The same
 * algorithm as frames/pacer.ts, in ffmpeg's expression language: register 0 is when the next frame is due. A time that goes back
 * starts it anew.
 */
const thin = ({ fps }: Picture): string[] => {
  if (fps === undefined) return []
  const again = 'isnan(prev_selected_t)+lt(t,prev_selected_t)'
  return [`select='if(${again}+gte(t,ld(0)-1/${fps}),1+0*st(0,if(${again},t,max(ld(0),t))+1/${fps}),0)'`]
}

/** JPEG's 4:2:0 wants even numbers. A camera's picture is never blown up. */
const scale = ({ width, height }: Picture): string[] => {
  if (width === undefined && height === undefined) return []
  const size = `w='min(iw,${width ?? 'iw'})':h='min(ih,${height ?? 'ih'})'`
  return [`scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`]
}
