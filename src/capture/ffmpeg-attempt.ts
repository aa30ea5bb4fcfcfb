import type { Clock } from '../clock.js'
import { copyArguments, outputArguments } from '../ffmpeg/arguments.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import { startFfmpeg, type StartedFfmpeg } from '../ffmpeg/start.js'
import { jpegPipe } from '../jpeg/pipe.js'
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
export function ffmpegLaunch (install: FfmpegInstall, clock: Clock): Launch<FfmpegSource> {
  const codecs = new Map<string, string>() // what each camera sent last, by id
  return (camera: LiveCamera<FfmpegSource>, { onPicture, onBroken, onExit }: AttemptEvents): Attempt => {
    let running: StartedFfmpeg
    let transcoding: Transcoding | undefined
    let copied: boolean | undefined
    let stopped = false
    const start = () => {
      let again = false
      let ended = false
      const restart = () => {
        again = true
        running.stop()
      }
      const adopt = (better: Transcoding, chosen: Transcoding) => {
        if (String(better.inputArguments) === String(chosen.inputArguments)) transcoding = better
        else restart()
      }
      running = startFfmpeg(install, clock, async found => {
        const codec = codecs.get(camera.id) ?? listedCodec(camera.source)
        const copies = mayCopy(camera) && codec === 'mjpeg'
        const chosen = transcoding = copies ? undefined : await Transcoding.choose(camera, codec, found)
        copied = copies
        const input = ffmpegInput(camera, found.dialect)
        const push = jpegPipe({ onJpeg: jpeg => onPicture({ ...jpeg, at: clock.now(), damaged: false, copied: copies }), onBroken })
        return {
          input: { ...input, args: [...chosen?.inputArguments ?? [], ...input.args] },
          output: copies ? copyArguments : outputArguments(camera, found.dialect),
          onData: chunk => { if (!again) push(chunk) },
          onCodec (codec) {
            codecs.set(camera.id, codec)
            if (mayCopy(camera) && copies !== (codec === 'mjpeg')) return restart()
            if (chosen) void Transcoding.choose(camera, codec, found).then(better => { if (!ended) adopt(better, chosen) })
          }
        }
      }, exit => {
        ended = true
        if (again && !stopped) start()
        else onExit(endOf(exit, camera))
      })
    }
    start()
    return {
      get complaint () { return complaintIn(running.stderr) },
      input: () => ({ ingest: 'ffmpeg', codec: codecs.get(camera.id), copied, ...transcoding?.report(running.stderr) }),
      stop () {
        stopped = true
        running.stop()
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
