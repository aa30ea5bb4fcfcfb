import { directInput, shownArguments } from '../ffmpeg/arguments.js'
import { positions } from '../ffmpeg/filters.js'
import type { FfmpegDialect } from '../ffmpeg/dialect.js'
import { matroskaHeader, matroskaOpening } from './matroska.js'

/** How pictures follow one another in ffmpeg's standard input. */
export interface StdinFormat {
  /** ffmpeg's arguments in front of this input, and behind the others of its first output. */
  readonly input: readonly string[]
  readonly output: readonly string[]
  /** What stands among the filters, behind the one that thins. */
  readonly filters: readonly string[]
  /** In front of the first one. */
  readonly opening?: Buffer
  /** In front of each: how many bytes it has, and when it is given, in whole milliseconds. */
  readonly header?: (bytes: number, at: number) => Buffer | string
}

/** An ffmpeg that pipelines is given times, by which it says what has come out of it; another one says it by the place in what it read. */
export function stdinFormatFor (codec: 'h264' | 'h265' | 'mjpeg', { pipelines, printsMetadata }: FfmpegDialect): StdinFormat {
  if (pipelines) return { input: ['-copyts', ...directInput('matroska')], output: shownArguments, filters: [], opening: matroskaOpening(codec), header: matroskaHeader }
  return { input: directInput(codec), output: [], filters: printsMetadata ? positions : [], ...codec === 'mjpeg' && { header: partHeader } }
}

/** How ffmpeg's mpjpeg wants its parts: with a length, nothing waits for the next one. */
const partHeader = (bytes: number): string => `\r\n--camgate\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes}\r\n\r\n`
