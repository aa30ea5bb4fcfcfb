import type { FfmpegDialect } from './dialect.js'
import { CHARACTER_WIDTH, writeText, writeClock } from './drawtext.js'
import type { PictureSettings } from './picture-settings.js'

/**
 * The input: a camera that ffmpeg reads, with timestamps; a stream of pictures whose timestamps are not used; the same, decoded by ffmpeg into
 * planes of bytes; JPEGs that are already at the right rate.
 */
export type Origin = 'camera' | 'stream' | 'planes' | 'jpegs'

/** Filters of a stream in front of the others, which see the input's timestamps; and filters after the others, which may set other times. */
export interface FurtherFilters { readonly first?: readonly string[], readonly last?: readonly string[] }

/**
 * The filters for each picture, in order. Surplus pictures are dropped first, so that nothing is computed for them. A picture without a
 * timestamp gets its arrival time.
 *
 * The filters end with this machine's time in microseconds, the encoder's time base. A repeated or earlier time would end ffmpeg, and
 * cameras jitter, set their clocks and change their size (which restarts the filters, so that counting would not help).
 */
export function filters (picture: PictureSettings, dialect: FfmpegDialect, from: Origin, { first = [], last = [] }: FurtherFilters = {}): string[] {
  const onOurTime = ['settb=AVTB', risingTime]
  const look = [...crop(picture), ...rotate(picture), ...flip(picture), ...scale(picture), ...dialect.drawsText ? overlay(picture) : [], ...last]
  switch (from) {
    case 'camera': return [...thin(picture), ...look, ...onOurTime]
    case 'stream': return [...first, 'settb=AVTB', 'setpts=RTCTIME', ...thin(picture), ...look, risingTime] // `thin` copes with a time that goes back, but the encoder does not
    case 'planes': return [...filters(picture, dialect, 'stream', { first, last }), ...fullRange]
    case 'jpegs': return [...look, ...onOurTime]
  }
}

/**
 * Black is 0 in a JPEG and 16 in most video. ffmpeg's scaler would convert it in half the encoder's time; a lookup table takes a third of
 * that. It changes nothing if black is 0 already, which ffmpeg's decoders mark with a yuvj format, for planes of bytes only.
 */
const fullRange = [
  'format=yuv420p|yuvj420p|yuv422p|yuvj422p|yuv444p|yuvj444p', // converts grey here, because the table would call the scaler for it
  "lutyuv=y='(val-minval)*255/(maxval-minval)+0.5':u='(val-128)*255/(maxval-minval)+128.5':v='(val-128)*255/(maxval-minval)+128.5'",
  'setparams=range=pc'
]

/** Print each picture's byte position in ffmpeg's input, in a line on descriptor 3: `frame:0 pts:4878 …`. */
export const positions: readonly string[] = ['setpts=POS', 'metadata=add:key=from:value=0', "metadata=print:key=from:file='pipe\\:3':direct=1"]

/** Pictures older than this are left out while ffmpeg catches up. */
const MAX_CATCH_UP_AGE_S = 0.045
/** Pictures at least this far apart may be as old as the time between two of them, because no newer one is to be expected. */
const SPARSE_INTERVAL_S = 0.1

/** Times in milliseconds: the wall clock when the pictures' clock read 0, and the newest picture's time when ffmpeg starts, if there is one. */
export interface CatchUpTimes { readonly wallAtZero: number, readonly newest: number | undefined }

/**
 * Drops the old pictures of a decoder that catches up, so that nothing more is computed for them. The pictures' timestamps are their arrival
 * times. ffmpeg catches up if it decodes a picture in less than half the time that it took to arrive. If it is slower, all pass, and camgate
 * decides which are shown. So a wall clock that somebody sets does no harm.
 *
 * Register 1 holds the time now, register 2 the time of the last picture. Comparisons with an unknown time are false, so that it passes.
 */
export function catchUp ({ wallAtZero, newest }: CatchUpTimes): string {
  const beforeStart = newest === undefined ? '0' : `lt(t,${(newest - 0.5) / 1_000})`
  const isOld = `gt(st(1,time(0)-${wallAtZero / 1_000})-t,if(gt(t-prev_t,${SPARSE_INTERVAL_S}),t-prev_t,${MAX_CATCH_UP_AGE_S}))`
  const isFast = 'lt(ld(1)-ld(2),(t-prev_t)/2)'
  return `select='not(${beforeStart}+${isOld}*${isFast})+0*st(2,ld(1))'`
}

const risingTime = "setpts='if(isnan(PREV_OUTPTS),RTCTIME,max(RTCTIME,PREV_OUTPTS+1))'" // RTCTIME is wall time and may go back

/**
 * Drops frames before they are encoded, without delay: the `fps` filter would hold each frame until the next one. This is the
 * algorithm of frames/pacer.ts in ffmpeg's expression language. Register 0 holds the time when the next frame is due. It starts
 * again if time goes back.
 */
const thin = ({ fps }: PictureSettings): string[] => {
  if (fps === undefined) return []
  const again = 'isnan(prev_selected_t)+lt(t,prev_selected_t)'
  return [`select='if(${again}+gte(t,ld(0)-1/${fps}),1+0*st(0,if(${again},t,max(ld(0),t))+1/${fps}),0)'`]
}

/**
 * ffmpeg moves a crop that reaches outside the picture, and so shows the wrong part. This one instead prints the picture's size and
 * becomes 0 wide, which is an error. `sizeTooSmallForCrop` reads both.
 */
const crop = ({ crop }: PictureSettings): string[] => {
  if (!crop) return []
  const { x, y, width, height } = crop
  return [`crop=w='if(gt(${x + width},iw)+gt(${y + height},ih),0*print(iw)*print(ih),${width})':h=${height}:x=${x}:y=${y}`]
}

/** Reads the picture's size from the stderr of an ffmpeg whose crop reached outside it; undefined after any other error. */
export function sizeTooSmallForCrop (stderr: readonly string[]): { width: number, height: number } | undefined {
  const error = stderr.findIndex(line => /Invalid too big or non positive size for width '0'/.test(line))
  const printed = stderr.slice(0, Math.max(0, error)).flatMap(line => /^(?:\[[^\]]*\] )*(\d+)\.0+$/.exec(line)?.[1] ?? [])
  const [width, height] = printed.slice(-2).map(Number)
  return width && height ? { width, height } : undefined
}

/** Clockwise, as people turn pictures. */
const rotate = ({ rotate = 0 }: PictureSettings): string[] => ({ 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] })[rotate] ?? []

const flip = ({ flip = 'none' }: PictureSettings): string[] => ({ none: [], horizontal: ['hflip'], vertical: ['vflip'], both: ['hflip', 'vflip'] })[flip]

/** Scales down, never up, and to even numbers, which JPEG's 4:2:0 needs. */
const scale = ({ width, height }: PictureSettings): string[] => {
  if (width === undefined && height === undefined) return []
  const size = `w='min(iw,${width ?? 'iw'})':h='min(ih,${height ?? 'ih'})'`
  return [`scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2`]
}

/** The name at the bottom left and the time at the top right, where most cameras put them. A long name shrinks until it fits. */
const overlay = ({ overlay, name = '' }: PictureSettings): string[] => {
  const font = 'DejaVuSans.ttf' as const
  const size = (characters: number) => `max(8,min(h/20,w*0.9/${CHARACTER_WIDTH}/${characters}))`
  const margin = 'h/40'
  return [
    ...overlay?.name && name ? [writeText({ text: name, font, size: size(Math.max(20, name.length)), x: margin, y: `h-text_h-${margin}` })] : [],
    ...overlay?.clock ? [writeClock({ font, size: size(20), x: `w-text_w-${margin}`, y: margin })] : []
  ]
}
