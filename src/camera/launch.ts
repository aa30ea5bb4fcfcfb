import type { Clock } from '../clock.js'
import type { Camera } from '../config/registry.js'
import { copyArguments, outputArguments } from '../ffmpeg/arguments.js'
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
  /** Whether what comes from here on are copies of the camera's own pictures, at its own rate; more than once. */
  readonly onCopy: (copies: boolean) => void
  /** Called once, whatever happens, and never before the attempt was returned. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** What a supervisor starts; tests give it another. */
export type Launch = (camera: LiveCamera, events: AttemptEvents) => Attempt

/**
 * Attempts made by the machine's ffmpeg. What a camera sends is known only once ffmpeg reads it, too late for its arguments: one
 * that turns out to send JPEGs as they are wanted is asked again, to have them copied, and at once so from then on.
 */
export function ffmpegLaunch (toolchain: Toolchain, clock: Clock): Launch {
  const codecs = new Map<string, string>() // what each camera sent last, by id
  return (camera, { onData, onCopy, onExit }) => {
    let process: FfmpegProcess | undefined
    let stopped = false
    const exitNever = (spawnError?: string) => onExit({ code: null, signal: null, stderr: [], ...spawnError && { spawnError } })
    const run = async (): Promise<void> => {
      const { path, dialect } = await toolchain.locate()
      if (stopped) return exitNever()
      const copies = mayCopy(camera) && codecs.get(camera.id) === 'mjpeg'
      let again = false
      onCopy(copies)
      const running = process = new FfmpegProcess({
        path,
        input: ffmpegInput(camera, dialect),
        output: copies ? copyArguments : outputArguments(camera, dialect),
        clock,
        onData: chunk => { if (!again) onData(chunk) },
        onCodec (codec) {
          codecs.set(camera.id, codec)
          again = mayCopy(camera) && copies !== (codec === 'mjpeg')
          if (again) running.stop()
        },
        onExit (exit) {
          if (exit.spawnError) toolchain.forget()
          if (again && !stopped) start()
          else onExit(exit)
        }
      })
    }
    const start = () => { run().catch((error: NodeJS.ErrnoException) => exitNever(error.code ?? error.message)) }
    start()
    return {
      get stderr () { return process?.stderr ?? [] },
      stop () {
        stopped = true
        process?.stop()
      }
    }
  }
}

/** A size or a quality of their own is what JPEGs are encoded anew for; a rate is not. */
const mayCopy = ({ width, height, quality }: LiveCamera) => width === undefined && height === undefined && quality === undefined
