import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'
import { execLaunch, picameraLaunch } from './command-launch.js'
import { directAttempt } from './direct.js'
import { ffmpegLaunch } from './ffmpeg-attempt.js'
import { AuthMemories, httpReader } from './readers.js'
import { relayedLaunch } from './relayed-launch.js'
import { rtspLaunch } from './rtsp-launch.js'
import { softwareFallback } from './software-fallback.js'
import { tellingDamage } from './telling-damage.js'
import { tellingNotes } from './telling-notes.js'
import { v4l2Launch } from './v4l2-launch.js'

/** Attempts as each kind of source wants them; `cameras` are all of the registry. */
export function cameraLaunch (toolchain: FfmpegInstall, clock: Clock, log: Pick<Logger, 'info' | 'warn' | 'error'>, cameras: readonly LiveCamera[] = []): Launch {
  const byFfmpeg = ffmpegLaunch(toolchain, clock)
  const memories = new AuthMemories()
  const rtsp = rtspLaunch(toolchain, relayedLaunch(byFfmpeg, memories, clock), memories, clock, log)
  const v4l2 = v4l2Launch(toolchain, byFfmpeg, cameras)
  const picamera = picameraLaunch(toolchain, clock)
  const exec = execLaunch(toolchain, clock)
  const launch: Launch = (camera, events) => {
    const { source } = camera
    switch (source.type) {
      case 'rtsp': return rtsp({ ...camera, source }, events)
      case 'v4l2': return v4l2({ ...camera, source }, events)
      case 'picamera': return picamera({ ...camera, source }, events)
      case 'exec': return exec({ ...camera, source }, events)
      case 'http':
      case 'http-mjpeg':
      case 'http-jpeg': return directAttempt(camera, httpReader({ ...camera, source }, memories, clock), toolchain, clock, events)
      case 'file':
      case 'pattern': return byFfmpeg({ ...camera, source }, events)
    }
  }
  return tellingDamage(softwareFallback(tellingNotes(memories.noting(launch), log), clock, log), clock, log)
}
