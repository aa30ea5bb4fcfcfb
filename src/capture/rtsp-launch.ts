import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { CamgateError, defectOf } from '../errors.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import { RtspRefusal } from '../rtsp-client/rtsp-client.js'
import { quotable } from '../redact.js'
import type { RtspSource } from '../sources/rtsp.js'
import type { Attempt, AttemptEnd, AttemptEvents, Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'
import { logDefect } from '../failure/defect.js'
import { directAttempt } from './direct.js'
import { rtspReader, type AuthMemories } from './readers.js'

/**
 * Attempts at RTSP cameras as each wants them: made by camgate itself, by ffmpeg, or by camgate and, where it does not understand the camera,
 * by ffmpeg right after; where it has lost its way in midst of the pictures, by ffmpeg the next time. Every attempt but that one tries
 * anew, because a camera may be set up otherwise meanwhile.
 */
export function rtspLaunch (
  toolchain: FfmpegInstall, byFfmpeg: Launch<RtspSource>, memories: AuthMemories, clock: Clock, log: Pick<Logger, 'info' | 'error'>
): Launch<RtspSource> {
  const told = new Map<string, string>() // why ffmpeg reads a camera, by its id
  const lost = new Map<string, string>() // why it shall read it the next time
  return (camera, events) => {
    switch (camera.ingest) {
      case 'ffmpeg': return byFfmpeg(camera, events)
      case 'direct': return directAttempt(camera, rtspReader(camera, memories, clock), toolchain, clock, events)
      case 'auto': return autoAttempt(camera, events)
    }
  }

  function autoAttempt (camera: LiveCamera<RtspSource>, events: AttemptEvents): Attempt {
    let stopped = false
    let pictures = false
    let reason = lost.get(camera.id)
    lost.delete(camera.id)
    const fallBack = (why: string) => {
      if (told.get(camera.id) !== why) log.info({ camera: camera.id }, `${camera.name}: read by ffmpeg, because camgate itself does not understand this camera: ${why}.`)
      told.set(camera.id, why)
      return byFfmpeg(camera, events)
    }
    let current = reason !== undefined
      ? fallBack(reason)
      : directAttempt(camera, rtspReader(camera, memories, clock), toolchain, clock, {
        ...events,
        onPicture (picture) {
          pictures = true
          events.onPicture(picture)
        },
        onExit (end) {
          const why = stopped ? undefined : notUnderstood(end)
          const defect = why !== undefined && 'error' in end && defectOf(end.error)
          if (defect) logDefect(log, camera.name, { camera: camera.id }, defect)
          if (why !== undefined && !pictures) {
            reason = why
            current = fallBack(why)
          } else {
            if (why !== undefined) lost.set(camera.id, why)
            events.onExit(end)
          }
        }
      })
    return {
      get complaint () { return current.complaint },
      input () {
        const input = current.input()
        if (!input || !reason) return input
        const unheld = `${camera.name} has onLoss: hold, but is read by ffmpeg, which does not tell which pictures are damaged: all of them are shown.`
        return { ...input, reason, notes: [...input.notes ?? [], ...camera.onLoss === 'hold' ? [unheld] : []] }
      },
      stop () {
        const why = pictures || reason !== undefined ? undefined : current.complaint
        if (why !== undefined) lost.set(camera.id, why) // packets came, and no picture: ffmpeg may make more of them
        stopped = true
        current.stop()
      }
    }
  }
}

const beyondUs = new Set(['UNSPOKEN', 'NO_VIDEO', 'BAD_SDP', 'BAD_RTP', 'BAD_TRANSPORT', 'RTSP_SYNTAX', 'RTSP_LIMIT'])
/** What a camera says of itself with these it says to ffmpeg as well. */
const plain = new Set([401, 403, 453, 503])

/** Redirects, too: ffmpeg is led no further than we are. A track that is not found may be our reading of its URL. */
const isPlain = ({ method, status }: RtspRefusal): boolean => plain.has(status) || status < 400 || (status === 404 && method === 'DESCRIBE')

/** In words what of this camera we do not understand and ffmpeg might; undefined where it is no question of understanding. */
function notUnderstood (end: AttemptEnd): string | undefined {
  if (!('error' in end) || !end.error) return undefined
  if (defectOf(end.error)) return 'a mistake in camgate, which is in the log'
  if (!(end.error instanceof CamgateError)) return undefined
  if (end.error instanceof RtspRefusal) return isPlain(end.error) ? undefined : quotable(end.error.message)
  return beyondUs.has(end.error.code) ? quotable(end.error.message).replace(/\.+$/, '') : undefined
}
