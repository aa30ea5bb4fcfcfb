import type { Clock } from '../clock.js'
import { copyArguments, outputArguments } from '../ffmpeg/arguments.js'
import { FfmpegProcess, type FfmpegExit } from '../ffmpeg/process.js'
import type { Toolchain } from '../ffmpeg/toolchain.js'
import { ffmpegInput, troubleIn, type CommandSource, type LiveSource } from '../sources/kinds.js'
import { mayCopy, type Attempt, type AttemptEnd, type AttemptEvents, type Launch, type LiveCamera } from './attempt.js'
import { complaintIn } from './failure.js'

/** What ffmpeg reads by itself. */
type Read = Exclude<LiveSource, CommandSource>

/**
 * Attempts made by the machine's ffmpeg. What a camera sends is known only once ffmpeg reads it, too late for its arguments: one
 * that turns out to send JPEGs as they are wanted is asked again, to have them copied, and at once so from then on.
 */
export function ffmpegLaunch (toolchain: Toolchain, clock: Clock): Launch<Read> {
  const codecs = new Map<string, string>() // what each camera sent last, by id
  return (camera: LiveCamera<Read>, { onData, onCopy, onExit }: AttemptEvents): Attempt => {
    let process: FfmpegProcess | undefined
    let stopped = false
    const exitNever = (spawnError?: string) => onExit({ code: null, signal: null, stderr: [], ...spawnError && { spawnError } })
    const run = async (): Promise<void> => {
      const { path, dialect } = await toolchain.locate()
      if (stopped) return exitNever()
      const copies = mayCopy(camera) && (codecs.get(camera.id) ?? listedCodec(camera.source)) === 'mjpeg'
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
          else onExit(endOf(exit, camera))
        }
      })
    }
    const start = () => { run().catch((error: NodeJS.ErrnoException) => exitNever(error.code ?? error.message)) }
    start()
    return {
      get complaint () { return complaintIn(process?.stderr ?? []) },
      input: () => ({ ingest: 'ffmpeg', codec: codecs.get(camera.id) }),
      stop () {
        stopped = true
        process?.stop()
      }
    }
  }
}

/** What is known before ffmpeg has read anything. */
const listedCodec = (source: Read): string | undefined => source.type === 'v4l2' ? source.mode?.format : undefined

function endOf (exit: FfmpegExit, { source }: LiveCamera<Read>): AttemptEnd {
  const trouble = troubleIn(exit.stderr, source)
  return trouble ? { trouble } : exit
}
