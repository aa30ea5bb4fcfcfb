import type { Clock } from '../clock.js'
import type { Ffmpeg, FfmpegInstall } from './install.js'
import { FfmpegProcess, neverSpawned, type FfmpegExit, type FfmpegRun } from './process.js'

/** An ffmpeg that is running, or about to. */
export interface StartedFfmpeg {
  /** The last lines so far, without credentials. */
  readonly stderr: readonly string[]
  /** Idempotent and allowed at any time. `onExit` follows. */
  stop (): void
}

/**
 * Looks for the machine's ffmpeg and runs it as `prepare` specifies. Calls `onExit` exactly once, after this function has returned and the process
 * has exited, also if there is no ffmpeg or it was stopped before it ran.
 */
export function startFfmpeg (
  install: FfmpegInstall, clock: Clock, prepare: (found: Ffmpeg) => Promise<Preparation> | Preparation, onExit: (exit: FfmpegExit) => void
): StartedFfmpeg {
  let process: FfmpegProcess | undefined
  let stopped = false
  const start = async (): Promise<void> => {
    const found = await install.locate()
    const run = await prepare(found)
    if (stopped) return onExit(neverSpawned())
    process = new FfmpegProcess({
      ...run,
      path: found.path,
      clock,
      onExit (exit) {
        if (exit.spawnError) install.forget()
        onExit(exit)
      }
    })
  }
  start().catch((error: NodeJS.ErrnoException) => onExit(neverSpawned(error)))
  return {
    get stderr () { return process?.stderr ?? [] },
    stop () {
      stopped = true
      process?.stop()
    }
  }
}

type Preparation = Omit<FfmpegRun, 'path' | 'clock' | 'onExit'>
