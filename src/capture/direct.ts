import type { Clock } from '../clock.js'
import { outputArguments } from '../ffmpeg/arguments.js'
import { stdinFormatFor } from '../transcode/stdin-format.js'
import { FfmpegProcess, neverSpawned } from '../ffmpeg/process.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import { Pacer } from '../frames/pacer.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
import { mayCopy, type Attempt, type AttemptEnd, type AttemptEvents } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'
import { complaintIn } from '../failure/failure.js'
import { TranscoderQueue } from '../transcode/transcoder-queue.js'
import { DamageTracker } from './spell.js'
import { Transcoding } from '../transcode/transcoding.js'

type Picture = Parameters<ReaderEvents['onPicture']>[0]
type Track = Parameters<ReaderEvents['onTrack']>[0]

/** An attempt that reads the camera itself, with what `open` begins: its JPEGs are handed on as they are, other pictures go through an ffmpeg that knows no camera. */
export function directAttempt (
  camera: LiveCamera, open: (events: ReaderEvents) => Reader, toolchain: FfmpegInstall, clock: Clock, { onData, onCopy, onUnchanged, onExit }: AttemptEvents
): Attempt {
  let ffmpeg: FfmpegProcess | undefined
  let feed: TranscoderQueue | undefined
  let transcoding: Transcoding | undefined
  let onPicture: (picture: Picture) => void = () => {}
  let copied: boolean | undefined
  let hasPictures = false
  const spell = new DamageTracker(clock)
  let end: AttemptEnd | undefined
  let left = 1 // the reader, and its ffmpeg once there is one
  let stopped = false

  /** The first to end says why. */
  const ended = (how: AttemptEnd) => {
    end ??= how
    reader.stop()
    ffmpeg?.stop()
    if (--left === 0) onExit(end)
  }
  const transcode = async (track: Track, into: TranscoderQueue): Promise<void> => {
    const found = await toolchain.locate()
    const chosen = transcoding = await Transcoding.choose(camera, track.codec, found)
    if (stopped || end) return ended({ error: undefined })
    const { dialect } = found
    const packing = stdinFormatFor(track.codec, dialect)
    const from = track.codec === 'mjpeg' ? 'jpegs' : track.depth === 8 && chosen.software ? 'planes' : 'stream'
    into.begin(packing)
    ffmpeg = new FfmpegProcess({
      path: found.path,
      input: { args: [...chosen.inputArguments, ...packing.input], stdin: into.stream },
      output: [...outputArguments(camera, dialect, from, packing.filters), ...packing.output],
      clock,
      onData,
      onTaken: bytes => into.take(bytes),
      onShown: at => into.show(at),
      onShownFrom: position => into.showFrom(position),
      onExit (exit) {
        if (exit.spawnError) toolchain.forget()
        ended(exit)
      }
    })
  }
  const reader = open({
    onTrack (track) {
      copied = track.codec === 'mjpeg' && mayCopy(camera)
      if (copied) {
        onCopy(true, () => spell.now !== undefined)
        onPicture = picture => onData(picture.bytes)
        return
      }
      const into = feed = new TranscoderQueue(clock, camera.fps)
      onCopy(false, () => into.isNextDamaged())
      const pacer = track.codec === 'mjpeg' ? new Pacer(camera.fps) : undefined // others need the pictures before them: ffmpeg thins those
      onPicture = picture => { if (pacer?.admits(clock.now()) !== false) into.offer(picture) }
      left++
      transcode(track, into).catch((error: NodeJS.ErrnoException) => ended(neverSpawned(error)))
    },
    onPicture (picture) {
      hasPictures = true
      spell.note(picture.damaged ?? false)
      onPicture(picture)
    },
    onUnchanged,
    onEnd: error => ended({ error })
  })
  return {
    get complaint () { return hasPictures ? complaintIn(ffmpeg?.stderr ?? []) : reader.complaint },
    input () {
      const report = reader.report()
      return report ? { ingest: 'direct', copied, ...report, overload: feed?.overload, damage: spell.now, ...transcoding?.report(ffmpeg?.stderr ?? []) } : null
    },
    stop () {
      stopped = true
      reader.stop()
      ffmpeg?.stop()
    }
  }
}
