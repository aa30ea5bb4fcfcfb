import type { Clock } from '../clock.js'
import type { CodedJpeg, CodedPicture } from '../codec/coded-picture.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { badStream, unreadable } from '../failure/sentences.js'
import { failureSoFar, ffmpegFailure } from '../ffmpeg/failure.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import { mayCopy } from '../ffmpeg/picture-settings.js'
import type { JpegPicture } from '../jpeg/picture.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import { Transcoder } from '../transcode/transcoder.js'
import type { Attempt, AttemptEvents } from './attempt.js'
import { DamageTracker } from '../ingest/damage-tracker.js'

/** An attempt with one of camgate's own readers, which `open` starts. JPEGs are passed on unchanged if possible; other pictures are transcoded. */
export function directAttempt (
  camera: LiveCamera, open: (events: ReaderEvents<Failure>) => Reader, install: FfmpegInstall, clock: Clock, { onPicture, onBroken, onUnchanged, onExit }: AttemptEvents
): Attempt {
  let transcoder: Transcoder | undefined
  let copied: boolean | undefined
  let hasPictures = false
  let hasJpegs = false
  const damage = new DamageTracker(clock)
  let end: Failure | undefined
  let left = 1 // the reader, and the transcoder once there is one
  let stopped = false

  /** The first end gives the reason. */
  const ended = (failure: Failure | undefined) => {
    end ??= failure
    reader.stop()
    transcoder?.stop()
    if (--left === 0) onExit(end)
  }
  const forward = (picture: CodedPicture) => {
    if (transcoder) transcoder.offer(picture)
    else if (picture.codec === 'mjpeg') onPicture(copyOf(picture))
  }
  const reader = open({
    onTrack (track) {
      copied = track.codec === 'mjpeg' && mayCopy(camera)
      if (copied) return
      left++
      transcoder = new Transcoder(camera, track, install, clock, {
        onPicture (picture) {
          hasJpegs = true
          onPicture(picture)
        },
        onBroken: error => onBroken(unreadable(error)),
        onExit: exit => ended(stopped ? undefined : ffmpegFailure(exit, hasJpegs))
      })
    },
    onPicture (picture) {
      hasPictures = true
      damage.note(picture.damaged)
      forward(picture)
    },
    onUnchanged,
    onEnd: ended
  })
  return {
    get lastFailure () {
      if (hasPictures) return failureSoFar(transcoder?.stderr ?? [])
      const { lastError } = reader
      return lastError === undefined ? undefined : { ...badStream(lastError), notUnderstood: lastError }
    },
    input () {
      const report = reader.report()
      return report ? { ingest: 'direct', copied, ...report, overload: transcoder?.overload, damage: damage.now, ...transcoder?.report() } : null
    },
    stop () {
      stopped = true
      reader.stop()
      transcoder?.stop()
    }
  }
}

const copyOf = ({ bytes, width, height, at, damaged }: CodedJpeg): JpegPicture =>
  ({ pieces: [bytes], length: bytes.length, width, height, at, damaged, copied: true })
