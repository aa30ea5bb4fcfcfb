import type { Clock } from '../clock.js'
import { copyArguments, outputArguments } from '../ffmpeg/arguments.js'
import { FfmpegProcess, neverSpawned, type FfmpegExit } from '../ffmpeg/process.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import { ffmpegInput, troubleIn, type FfmpegSource } from '../sources/kinds.js'
import { mayCopy, type Attempt, type AttemptEnd, type AttemptEvents, type Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'
import { complaintIn } from '../failure/failure.js'
import { Transcoding } from '../transcode/transcoding.js'

/**
 * Attempts made by the machine's ffmpeg. What a camera sends is known only once ffmpeg reads it, too late for its arguments: one
 * that turns out to send JPEGs as they are wanted is asked again, to have them copied, and at once so from then on. So is one that turns
 * out to send what hardware decodes.
 */
export function ffmpegLaunch (toolchain: FfmpegInstall, clock: Clock): Launch<FfmpegSource> {
  const codecs = new Map<string, string>() // what each camera sent last, by id
  return (camera: LiveCamera<FfmpegSource>, { onData, onCopy, onExit }: AttemptEvents): Attempt => {
    let process: FfmpegProcess | undefined
    let transcoding: Transcoding | undefined
    let copied: boolean | undefined
    let stopped = false
    const run = async (): Promise<void> => {
      const found = await toolchain.locate()
      const codec = codecs.get(camera.id) ?? listedCodec(camera.source)
      const copies = mayCopy(camera) && codec === 'mjpeg'
      const chosen = transcoding = copies ? undefined : await Transcoding.choose(camera, codec, found)
      if (stopped) return onExit(neverSpawned())
      let again = false
      let ended = false
      copied = copies
      onCopy(copies)
      const input = ffmpegInput(camera, found.dialect)
      const restart = () => {
        again = true
        running.stop()
      }
      const adopt = (better: Transcoding, chosen: Transcoding) => {
        if (String(better.inputArguments) === String(chosen.inputArguments)) transcoding = better
        else restart()
      }
      const running = process = new FfmpegProcess({
        path: found.path,
        input: { ...input, args: [...chosen?.inputArguments ?? [], ...input.args] },
        output: copies ? copyArguments : outputArguments(camera, found.dialect),
        clock,
        onData: chunk => { if (!again) onData(chunk) },
        onCodec (codec) {
          codecs.set(camera.id, codec)
          if (mayCopy(camera) && copies !== (codec === 'mjpeg')) return restart()
          if (chosen) void Transcoding.choose(camera, codec, found).then(better => { if (!ended) adopt(better, chosen) })
        },
        onExit (exit) {
          ended = true
          if (exit.spawnError) toolchain.forget()
          if (again && !stopped) start()
          else onExit(endOf(exit, camera))
        }
      })
    }
    const start = () => { run().catch((error: NodeJS.ErrnoException) => onExit(neverSpawned(error))) }
    start()
    return {
      get complaint () { return complaintIn(process?.stderr ?? []) },
      input: () => ({ ingest: 'ffmpeg', codec: codecs.get(camera.id), copied, ...transcoding?.report(process?.stderr ?? []) }),
      stop () {
        stopped = true
        process?.stop()
      }
    }
  }
}

/** What is known before ffmpeg has read anything. */
const listedCodec = (source: FfmpegSource): string | undefined => source.type === 'v4l2' ? source.mode?.format : undefined

function endOf (exit: FfmpegExit, { source }: LiveCamera<FfmpegSource>): AttemptEnd {
  const trouble = troubleIn(exit.stderr, source)
  return trouble ? { trouble } : exit
}
