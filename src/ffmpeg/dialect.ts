import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ffmpegEnvironment } from '../processes/environment.js'
import type { Dialect } from '../sources/source.js'

/** The options and features of one ffmpeg, which differ between versions 4.4 and 8. */
export interface FfmpegDialect extends Dialect {
  /** Passes every frame on with its own time, without repeats or drops. */
  readonly passthrough: readonly string[]
  /** The option that reads a video's filters from a file. */
  readonly filterFile: string
  /** Whether each step has a thread with a queue of eight, and statistics of each output picture can be printed. */
  readonly pipelines: boolean
  /** Whether it has the drawtext filter. */
  readonly drawsText: boolean
  /** Whether it has the metadata filter. */
  readonly printsMetadata: boolean
}

/** Reads the output of `ffmpeg -version` and `-filters`. Uses the libraries' versions, because git builds have no version number. */
export function dialectOf (version: string, filters = ''): FfmpegDialect {
  const [, major = 0, minor = 0] = /libavformat\s+(\d+)\.\s*(\d+)/.exec(version)?.map(Number) ?? []
  return {
    socketTimeout: major >= 59 ? 'timeout' : 'stimeout', // ffmpeg 5.0
    passthrough: [major > 59 || (major === 59 && minor >= 27) ? '-fps_mode' : '-vsync', 'passthrough'], // ffmpeg 5.1
    filterFile: major >= 61 ? '-/filter:v' : '-filter_script:v', // ffmpeg 7.0
    pipelines: major >= 61, // ffmpeg 7.0
    drawsText: /^ \S+ drawtext /m.test(filters),
    printsMetadata: /^ \S+ metadata /m.test(filters)
  }
}

/** @throws execFile's error if the program cannot be run. */
export async function askDialect (path: string): Promise<FfmpegDialect> {
  const [version, filters] = await Promise.all(['-version', '-filters'].map(question => promisify(execFile)(path, ['-hide_banner', question], { env: ffmpegEnvironment(), timeout: 10_000 })))
  return dialectOf(version!.stdout, filters!.stdout)
}
