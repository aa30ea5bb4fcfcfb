import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ffmpegEnvironment } from '../processes/environment.js'
import type { Dialect } from '../sources/source.js'

/** How this ffmpeg wants to be spoken to: 4.4 to 8 differ in a few names. */
export interface FfmpegDialect extends Dialect {
  /** Hand every frame on with its own time, none doubled and none dropped. */
  readonly passthrough: readonly string[]
  /** The option that reads a video's filters from a file. */
  readonly filterFile: string
  /** A thread for each step, each with a queue of eight in front of it; and statistics of each picture that comes out. */
  readonly pipelines: boolean
  /** Some are built without the filter that writes words. */
  readonly drawsText: boolean
  /** The same of the filter that prints what is known of a picture. */
  readonly printsMetadata: boolean
}

/** Reads the dialect from `ffmpeg -version` (its libraries' versions, because a git build has no version of its own) and `ffmpeg -filters`. */
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

/** @throws what execFile throws when the program cannot be run. */
export async function askDialect (path: string): Promise<FfmpegDialect> {
  const [version, filters] = await Promise.all(['-version', '-filters'].map(question => promisify(execFile)(path, ['-hide_banner', question], { env: ffmpegEnvironment(), timeout: 10_000 })))
  return dialectOf(version!.stdout, filters!.stdout)
}
