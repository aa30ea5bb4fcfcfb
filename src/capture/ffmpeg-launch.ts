import type { Clock } from '../clock.js'
import type { Failure } from '../failure/failure.js'
import { unreadable } from '../failure/sentences.js'
import { copyArguments, outputArguments } from '../ffmpeg/arguments.js'
import { failureSoFar, ffmpegFailure } from '../ffmpeg/failure.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import { mayCopy } from '../ffmpeg/picture-settings.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import { startFfmpeg, type StartedFfmpeg } from '../ffmpeg/start.js'
import { jpegPipe } from '../jpeg/pipe.js'
import { ffmpegInput, sourceFailure, type FfmpegSource } from '../sources/kinds.js'
import { Decoding } from '../transcode/decoding.js'
import type { AttemptEvents, Launch } from './attempt.js'

/**
 * Attempts with the machine's ffmpeg. The codec is known only once ffmpeg reads the camera, too late for ffmpeg's arguments. If the camera
 * turns out to send JPEGs that can be copied, or pictures that hardware decodes, ffmpeg is restarted with other arguments. Later attempts begin with those.
 */
export const ffmpegLaunch = (install: FfmpegInstall, clock: Clock): Launch<FfmpegSource> => (camera, { onPicture, onBroken, onExit }: AttemptEvents, memory) => {
  let running: StartedFfmpeg
  let decoding: Decoding | undefined
  let copied: boolean | undefined
  let hadPictures = false
  let stopped = false
  const failureOf = (exit: FfmpegExit): Failure => sourceFailure(camera.source, exit.stderr) ?? ffmpegFailure(exit, hadPictures, memory.target)
  const start = () => {
    let restarting = false
    let ended = false
    const restart = () => {
      restarting = true
      running.stop()
    }
    const adopt = (better: Decoding, chosen: Decoding) => {
      if (String(better.inputArguments) === String(chosen.inputArguments)) decoding = better
      else restart()
    }
    running = startFfmpeg(install, clock, async found => {
      const codec = memory.codec ?? listedCodec(camera.source)
      const copies = mayCopy(camera) && codec === 'mjpeg'
      const chosen = decoding = copies ? undefined : await Decoding.choose(camera, codec, found)
      copied = copies
      const input = ffmpegInput(camera, found.dialect)
      const push = jpegPipe({
        onJpeg (jpeg) {
          hadPictures = true
          onPicture({ ...jpeg, at: clock.now(), damaged: false, copied: copies })
        },
        onBroken: error => onBroken(unreadable(error))
      })
      return {
        input: { ...input, args: [...chosen?.inputArguments ?? [], ...input.args] },
        output: copies ? copyArguments : outputArguments(camera, found.dialect),
        onData: chunk => { if (!restarting) push(chunk) },
        onCodec (codec) {
          memory.codec = codec
          if (mayCopy(camera) && copies !== (codec === 'mjpeg')) return restart()
          if (chosen) void Decoding.choose(camera, codec, found).then(better => { if (!ended) adopt(better, chosen) })
        }
      }
    }, exit => {
      ended = true
      if (restarting && !stopped) start()
      else onExit(stopped ? undefined : failureOf(exit))
    })
  }
  start()
  return {
    get lastFailure () { return failureSoFar(running.stderr) },
    input: () => ({ ingest: 'ffmpeg', codec: memory.codec, copied, ...decoding?.report(running.stderr) }),
    stop () {
      stopped = true
      running.stop()
    }
  }
}

/** The codec, if it is known before ffmpeg has read anything. */
const listedCodec = (source: FfmpegSource): string | undefined => source.type === 'v4l2' ? source.mode?.format : undefined
