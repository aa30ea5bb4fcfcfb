import { directInput, shownArguments } from '../ffmpeg/arguments.js'
import { positions } from '../ffmpeg/filters.js'
import type { FfmpegDialect } from '../ffmpeg/dialect.js'
import { matroskaHeader, matroskaOpening } from './matroska.js'

/** How pictures are written to ffmpeg's standard input. */
export interface StdinFormat {
  /** ffmpeg's arguments in front of this input, and after the other arguments of its first output. */
  readonly input: readonly string[]
  readonly output: readonly string[]
  /** Filters after the one that limits the rate. */
  readonly filters: readonly string[]
  /** The bytes in front of the first picture. */
  readonly opening?: Buffer
  /** The bytes in front of each picture, by its size in bytes and its time in whole milliseconds. */
  readonly header?: (bytes: number, at: number) => Buffer | string
}

/** An ffmpeg that pipelines gets a time with each picture, and reports by it what has come out. Any other ffmpeg reports positions in its input. */
export function stdinFormatFor (codec: 'h264' | 'h265' | 'mjpeg', { pipelines, printsMetadata }: FfmpegDialect): StdinFormat {
  if (pipelines) return { input: ['-copyts', ...directInput('matroska')], output: shownArguments, filters: [], opening: matroskaOpening(codec), header: matroskaHeader }
  return { input: directInput(codec), output: [], filters: printsMetadata ? positions : [], ...codec === 'mjpeg' && { header: partHeader } }
}

/** The header of a part for ffmpeg's mpjpeg demuxer, which does not wait for the next part if it gets a length. */
const partHeader = (bytes: number): string => `\r\n--camgate\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes}\r\n\r\n`
