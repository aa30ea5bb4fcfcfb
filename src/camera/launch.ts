import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Toolchain } from '../ffmpeg/toolchain.js'
import type { Launch } from './attempt.js'
import { ffmpegLaunch } from './ffmpeg-attempt.js'
import { rtspLaunch } from './rtsp-launch.js'

/** Attempts as each kind of source wants them. */
export function cameraLaunch (toolchain: Toolchain, clock: Clock, log: Pick<Logger, 'info'>): Launch {
  const byFfmpeg = ffmpegLaunch(toolchain, clock)
  const rtsp = rtspLaunch(toolchain, byFfmpeg, clock, log)
  return (camera, events) => {
    const { source } = camera
    switch (source.type) {
      case 'rtsp': return rtsp({ ...camera, source }, events)
      case 'file':
      case 'pattern': return byFfmpeg(camera, events)
    }
  }
}
