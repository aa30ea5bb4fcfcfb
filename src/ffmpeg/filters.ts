import type { FfmpegDialect } from './dialect.js'
import { CHARACTER, writes, writesClock } from './drawtext.js'
import type { Picture } from './picture.js'

/**
 * Where pictures come from: a camera that ffmpeg reads, with its times; a stream of pictures without a time; such a stream whose pictures are
 * planes of bytes, decoded by ffmpeg itself; JPEGs that are as many as they should be.
 */
export type Origin = 'camera' | 'stream' | 'planes' | 'jpegs'

/**
 * What is done to each picture, in this order. Those that are too many go first, so that nothing is computed for them; for pictures
 * without a time of their own, that is when they came.
 *
 * Behind the filters a frame's time is this machine's, in microseconds, which is the encoder's time base: an encoder that is given a
 * time twice, or an earlier one, ends ffmpeg, and cameras jitter, set their clocks and change their size (which starts the filters
 * anew, so that a mere count would begin again). `further` filters may set other times before that.
 */
export function filters (picture: Picture, dialect: FfmpegDialect, from: Origin, further: readonly string[] = []): string[] {
  const onOurTime = ['settb=AVTB', risingTime]
  const look = [...crop(picture), ...rotate(picture), ...flip(picture), ...scale(picture), ...dialect.drawsText ? overlay(picture) : [], ...further]
  switch (from) {
    case 'camera': return [...thin(picture), ...look, ...onOurTime]
    case 'stream': return ['settb=AVTB', 'setpts=RTCTIME', ...thin(picture), ...look, risingTime] // thinned by a time that goes back with the clock
    case 'planes': return [...filters(picture, dialect, 'stream', further), ...fullRange]
    case 'jpegs': return [...look, ...onOurTime]
  }
}

/**
 * In a JPEG black is 0, in most video it is 16. ffmpeg's scaler, which would see to that, takes half as long as the encoder; a table takes a
 * third of that, and changes nothing where black is 0 already, which ffmpeg's decoders tell by yuvj for planes of bytes, and for nothing else.
 */
const fullRange = [
  'format=yuv420p|yuvj420p|yuv422p|yuvj422p|yuv444p|yuvj444p', // from grey, which the table would leave for the scaler
  "lutyuv=y='(val-minval)*255/(maxval-minval)+0.5':u='(val-128)*255/(maxval-minval)+128.5':v='(val-128)*255/(maxval-minval)+128.5'",
  'setparams=range=pc'
]

/** For each picture that gets here, where it began in what ffmpeg has read, in a line on descriptor 3: `frame:0 pts:4878 …`. */
export const positions: readonly string[] = ['setpts=POS', 'metadata=add:key=from:value=0', "metadata=print:key=from:file='pipe\\:3':direct=1"]

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

/**
 * A crop that is not within the picture is moved there by ffmpeg, and the wrong thing shown. This one has no width then, which is an
 * error, and has printed the picture's size before: `sizeTooSmallForCrop` reads both.
 */
const crop = ({ crop }: Picture): string[] => {
  if (!crop) return []
  const { x, y, width, height } = crop
  return [`crop=w='if(gt(${x + width},iw)+gt(${y + height},ih),0*print(iw)*print(ih),${width})':h=${height}:x=${x}:y=${y}`]
}

/** The picture's size, in the lines of an ffmpeg that was to crop more than there is. */
export function sizeTooSmallForCrop (stderr: readonly string[]): { width: number, height: number } | undefined {
  const error = stderr.findIndex(line => /Invalid too big or non positive size for width '0'/.test(line))
  const printed = stderr.slice(0, Math.max(0, error)).flatMap(line => /^(?:\[[^\]]*\] )*(\d+)\.0+$/.exec(line)?.[1] ?? [])
  const [width, height] = printed.slice(-2).map(Number)
  return width && height ? { width, height } : undefined
}

/** Clockwise, as people turn pictures. */
const rotate = ({ rotate = 0 }: Picture): string[] => ({ 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] })[rotate] ?? []

const flip = ({ flip = 'none' }: Picture): string[] => ({ none: [], horizontal: ['hflip'], vertical: ['vflip'], both: ['hflip', 'vflip'] })[flip]

/** JPEG's 4:2:0 wants even numbers. A camera's picture is never blown up. */
const scale = ({ width, height }: Picture): string[] => {
  if (width === undefined && height === undefined) return []
  const size = `w='min(iw,${width ?? 'iw'})':h='min(ih,${height ?? 'ih'})'`
  return [`scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`]
}

/** Where cameras have them mostly: the name at the bottom left, the time at the top right. A long name is small enough to be seen whole. */
const overlay = ({ overlay, name = '' }: Picture): string[] => {
  const font = 'DejaVuSans.ttf' as const
  const size = (characters: number) => `max(8,min(h/20,w*0.9/${CHARACTER}/${characters}))`
  const margin = 'h/40'
  return [
    ...overlay?.name && name ? [writes({ text: name, font, size: size(Math.max(20, name.length)), x: margin, y: `h-text_h-${margin}` })] : [],
    ...overlay?.clock ? [writesClock({ font, size: size(20), x: `w-text_w-${margin}`, y: margin })] : []
  ]
}
