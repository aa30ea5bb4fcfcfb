import type { Clock } from '../clock.js'
import type { Camera } from '../config/registry.js'
import { outputArguments } from '../ffmpeg/arguments.js'
import { FfmpegProcess, type FfmpegExit } from '../ffmpeg/process.js'
import type { Toolchain } from '../ffmpeg/toolchain.js'
import { ffmpegInput, type LiveSource } from '../sources/kinds.js'

/** A camera whose pictures can be read: what was simulated has an address by now. */
export type LiveCamera = Camera & { readonly source: LiveSource }

/** One attempt at a camera's pictures. */
export interface Attempt {
  /** Idempotent; `onExit` tells when nothing is left of it. */
  stop (): void
  /** ffmpeg's last lines so far, without credentials. */
  readonly stderr: readonly string[]
}

export interface AttemptEvents {
  /** Bytes of the MJPEG stream, cut anywhere. */
  readonly onData: (chunk: Buffer) => void
  /** Called once, whatever happens, and never before the attempt was returned. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** What a supervisor starts; tests give it another. */
export type Launch = (camera: LiveCamera, events: AttemptEvents) => Attempt

/** Attempts made by the machine's ffmpeg. */
export const ffmpegLaunch = (toolchain: Toolchain, clock: Clock): Launch => (camera, { onData, onExit }) => {
  let process: FfmpegProcess | undefined
  let stopped = false
  const never = { code: null, signal: null, stderr: [] }
  toolchain.locate().then(({ path, dialect }) => {
    if (stopped) return onExit(never)
    const input = ffmpegInput(camera, dialect)
    process = new FfmpegProcess({
      path,
      input,
      output: outputArguments(camera, dialect),
      clock,
      onData,
      onExit (exit) {
        if (exit.spawnError) toolchain.forget()
        onExit(exit)
      }
    })
  }, (error: NodeJS.ErrnoException) => onExit({ ...never, spawnError: error.code ?? error.message }))
  return {
    get stderr () { return process?.stderr ?? [] },
    stop () {
      stopped = true
      process?.stop()
    }
  }
}
