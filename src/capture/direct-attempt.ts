import type { Clock } from '../clock.js'
import type { CodedJpeg } from '../codec/coded-picture.js'
import type { LiveCamera } from '../config/registry.js'
import type { Failure } from '../failure/failure.js'
import { badStream } from '../failure/sentences.js'
import { mayCopy } from '../ffmpeg/picture-settings.js'
import { DamageTracker } from '../ingest/damage-tracker.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import type { JpegPicture } from '../jpeg/picture.js'
import type { Attempt, AttemptEvents } from './attempt.js'

/** An attempt with one of camgate's own readers, which `open` starts. JPEGs are passed on unchanged if possible; other pictures need decoding. */
export function directAttempt (
  camera: LiveCamera, open: (events: ReaderEvents<Failure>) => Reader, clock: Clock, { onPicture, onTrack, onCoded, onUnchanged, onExit }: AttemptEvents
): Attempt {
  let copied: boolean | undefined
  let hasPictures = false
  let isMjpeg: boolean | undefined
  const damage = new DamageTracker(clock)
  const reader = open({
    onTrack (track) {
      isMjpeg = track.codec === 'mjpeg'
      copied = isMjpeg && mayCopy(camera)
      if (!copied) onTrack(track)
    },
    onPicture (picture) {
      hasPictures = true
      damage.note(picture.damaged)
      if (copied && picture.codec === 'mjpeg') onPicture(copyOf(picture))
      else onCoded(picture)
    },
    onUnchanged,
    onEnd: onExit
  })
  return {
    get lastFailure () {
      const { lastError } = reader
      return hasPictures || lastError === undefined ? undefined : { ...badStream(lastError), notUnderstood: lastError }
    },
    input () {
      const report = reader.report()
      return report ? { ingest: 'direct', copied, ...report, damage: damage.now } : null
    },
    fits: after => isMjpeg === false || mayCopy(after) === mayCopy(camera),
    stop () { reader.stop() }
  }
}

const copyOf = ({ bytes, width, height, at, damaged }: CodedJpeg): JpegPicture =>
  ({ pieces: [bytes], length: bytes.length, width, height, at, damaged, copied: true })
