import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'
import { logDefect } from '../failure/defect.js'
import type { RtspSource } from '../sources/rtsp.js'
import type { Attempt, AttemptEvents, Launch } from './attempt.js'
import type { CameraMemory } from './camera-memory.js'
import { directAttempt } from './direct-attempt.js'
import { rtspReader } from './readers.js'

/**
 * Attempts at RTSP cameras: with camgate's own reader, with ffmpeg, or, with `ingest: auto`, with ffmpeg only if camgate does not understand
 * the camera. ffmpeg then takes over at once if there was no picture yet, and otherwise for the next attempt. The attempt after that is
 * camgate's again, because the camera's settings may have changed.
 */
export function rtspLaunch (byFfmpeg: Launch<RtspSource>, clock: Clock, log: Pick<Logger, 'info' | 'error'>): Launch<RtspSource> {
  const byCamgate: Launch<RtspSource> = (camera, events, memory) => directAttempt(camera, rtspReader(camera, memory, clock), clock, events)
  return (camera, events, memory) => {
    switch (camera.ingest) {
      case 'ffmpeg': return byFfmpeg(camera, events, memory)
      case 'direct': return byCamgate(camera, events, memory)
      case 'auto': return autoAttempt(camera, events, memory)
    }
  }

  function autoAttempt (camera: LiveCamera<RtspSource>, events: AttemptEvents, memory: CameraMemory): Attempt {
    let stopped = false
    let pictures = false
    let reason = memory.ffmpegReason
    memory.ffmpegReason = undefined
    const fallBack = (why: string) => {
      if (memory.loggedReason !== why) log.info({ camera: camera.id }, `${camera.name}: read by ffmpeg, because camgate itself does not understand this camera: ${why}.`)
      memory.loggedReason = why
      return byFfmpeg(camera, events, memory)
    }
    let current = reason !== undefined
      ? fallBack(reason)
      : byCamgate(camera, {
        ...events,
        onPicture (picture) {
          pictures = true
          events.onPicture(picture)
        },
        onCoded (picture) {
          pictures = true
          events.onCoded(picture)
        },
        onExit (failure) {
          const why = stopped ? undefined : failure?.notUnderstood
          if (why !== undefined && failure?.defect) logDefect(log, camera.name, { camera: camera.id }, failure.defect)
          if (why !== undefined && !pictures) {
            reason = why
            events.onTrack(undefined) // the reader may have begun one
            current = fallBack(why)
          } else {
            if (why !== undefined) memory.ffmpegReason = why
            events.onExit(failure)
          }
        }
      }, memory)
    return {
      get lastFailure () { return current.lastFailure },
      fits: after => current.fits?.(after) ?? false,
      handOver (why) { memory.ffmpegReason = why },
      input () {
        const input = current.input()
        if (!input || !reason) return input
        const note = `${camera.name} has onLoss: hold, but is read by ffmpeg, which does not report which pictures are damaged: all of them are shown.`
        return { ...input, reason, notes: [...input.notes ?? [], ...camera.onLoss === 'hold' ? [note] : []] }
      },
      stop () {
        if (!pictures && reason === undefined) memory.ffmpegReason = current.lastFailure?.notUnderstood // packets arrived, but no picture: ffmpeg may decode them
        stopped = true
        current.stop()
      }
    }
  }
}
