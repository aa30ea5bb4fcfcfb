import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** ffmpeg-static is an optional dependency whose install step downloads: its package may be missing, or be there without its file. */
function bundled (): string | undefined {
  try {
    return createRequire(import.meta.url)('ffmpeg-static') ?? undefined
  } catch {
    return undefined
  }
}

/** Where packages put it; a service manager's PATH may lack them. */
const USUAL = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']

/**
 * Finds ffmpeg: FFMPEG_PATH, then ffmpeg-static's file, then the directories of PATH, then the usual ones.
 * Returns its path, or undefined where there is none; whoever sets FFMPEG_PATH is taken at their word.
 */
export function findFfmpeg (env: NodeJS.ProcessEnv = process.env, usual: readonly string[] = USUAL): string | undefined {
  if (env.FFMPEG_PATH) return env.FFMPEG_PATH
  const inPath = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...usual].map(directory => join(directory, 'ffmpeg'))
  return [bundled(), ...inPath].find(file => file !== undefined && isExecutable(file))
}
