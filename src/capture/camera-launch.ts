import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { LiveCamera } from '../config/registry.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { NoteLog } from '../decoder/note-log.js'
import type { Launch } from './attempt.js'
import { execLaunch, picameraLaunch } from './command-launch.js'
import { directAttempt } from './direct-attempt.js'
import { ffmpegLaunch } from './ffmpeg-launch.js'
import { logDamage } from './log-damage.js'
import { logNotes } from './log-notes.js'
import { httpReader } from './readers.js'
import { relayedLaunch } from './relayed-launch.js'
import { rtspLaunch } from './rtsp-launch.js'
import { fallBackToSoftware } from './software-fallback.js'
import { v4l2Launch } from './v4l2-launch.js'

/** Makes attempts at every kind of camera. `cameras` returns the whole registry. */
export function cameraLaunch (install: FfmpegInstall, clock: Clock, log: Pick<Logger, 'info' | 'warn' | 'error'>, noteLog: NoteLog, cameras: () => readonly LiveCamera[] = () => []): Launch {
  const byKind = launchByKind(install, clock, log, cameras)
  return logDamage(logNotes(byKind, noteLog), clock, log)
}

function launchByKind (install: FfmpegInstall, clock: Clock, log: Pick<Logger, 'info' | 'error'>, cameras: () => readonly LiveCamera[]): Launch {
  const byFfmpeg = ffmpegLaunch(install, clock)
  const rtsp = rtspLaunch(fallBackToSoftware(relayedLaunch(byFfmpeg, clock), clock), clock, log)
  const v4l2 = fallBackToSoftware(v4l2Launch(install, byFfmpeg, cameras), clock)
  const others = fallBackToSoftware(byFfmpeg, clock)
  const picamera = picameraLaunch(clock)
  const exec = execLaunch(clock)
  return (camera, events, memory) => {
    const { source } = camera
    switch (source.type) {
      case 'rtsp': return rtsp({ ...camera, source }, events, memory)
      case 'v4l2': return v4l2({ ...camera, source }, events, memory)
      case 'picamera': return picamera({ ...camera, source }, events, memory)
      case 'exec': return exec({ ...camera, source }, events, memory)
      case 'http':
      case 'http-mjpeg':
      case 'http-jpeg': return directAttempt(camera, httpReader({ ...camera, source }, memory, clock), clock, events)
      case 'file':
      case 'pattern': return others({ ...camera, source }, events, memory)
    }
  }
}
