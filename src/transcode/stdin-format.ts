import { directInput, shownArguments } from '../ffmpeg/arguments.js'
import { positions } from '../ffmpeg/filters.js'
import type { FfmpegDialect } from '../ffmpeg/dialect.js'
import { matroskaHeader, matroskaOpening } from './matroska.js'

/** How pictures are written to ffmpeg's standard input. */
export interface StdinFormat {
  /** ffmpeg's arguments in front of this input, and after the other arguments of its first output. */
  readonly input: readonly string[]
  readonly output: readonly string[]
  /** Filters after all others. */
  readonly filters: readonly string[]
  /** The bytes in front of the first picture. */
  readonly opening: Buffer
  /** The bytes in front of each picture, by its size in bytes and its time in whole milliseconds. */
  readonly header: (bytes: number, at: number) => Buffer
}

/** ffmpeg gets a time with each picture. One that pipelines reports by it what has come out. Any other ffmpeg reports positions in its input. */
export function stdinFormatFor (codec: 'h264' | 'h265' | 'mjpeg', { pipelines, printsMetadata }: FfmpegDialect): StdinFormat {
  return {
    input: ['-copyts', ...directInput('matroska')],
    output: pipelines ? shownArguments : [],
    filters: !pipelines && printsMetadata ? positions : [],
    opening: matroskaOpening(codec),
    header: matroskaHeader
  }
}
