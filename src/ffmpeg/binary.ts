import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { ffmpegEnvironment } from '../processes/environment.js'
import { findProgram, isExecutable } from '../processes/program.js'

/** ffmpeg-static is optional, and its install script downloads the binary: the package or the binary may be missing. */
function bundled (): string | undefined {
  try {
    return createRequire(import.meta.url)('ffmpeg-static') ?? undefined
  } catch {
    return undefined
  }
}

/** Builds without harfbuzz, such as ffmpeg-static 5.3, cannot draw text, so status frames would have no words (eugeneware/ffmpeg-static#147). */
const drawsText = (file: string): boolean => {
  try {
    return execFileSync(file, ['-hide_banner', '-filters'], { encoding: 'utf8', env: ffmpegEnvironment(), stdio: ['ignore', 'pipe', 'ignore'], timeout: 5_000 }).includes(' drawtext ')
  } catch {
    return false
  }
}

/**
 * Returns the path of ffmpeg: FFMPEG_PATH, unchecked; then ffmpeg-static's binary, if it draws text or there is no other; then the directories of
 * PATH; then the standard ones. Undefined if there is no ffmpeg.
 */
export function findFfmpeg (env: NodeJS.ProcessEnv = process.env, directories?: readonly string[]): string | undefined {
  if (env.FFMPEG_PATH) return env.FFMPEG_PATH
  const other = findProgram(['ffmpeg'], env, directories)
  const own = bundled()
  return own && isExecutable(own) && (!other || drawsText(own)) ? own : other
}
