import type { CameraMemory } from '../capture/camera-memory.js'
import type { Clock } from '../clock.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import type { Track } from '../codec/track.js'
import type { Failure } from '../failure/failure.js'
import { badStream, failure as sharedFailure, silent } from '../failure/sentences.js'
import type { Reader, ReaderEvents, ReaderReport } from '../ingest/reader.js'
import { PictureMeter } from './picture-meter.js'

/** A dead address is reported within 6 s, Node's start included. */
const ANSWER_TIMEOUT_MS = 5_000
/** For a camera that has said what it sends, until it sends something. */
const FIRST_BYTES_TIMEOUT_MS = 5_000
/** How much longer packets may come without a key picture. */
const KEY_PICTURE_TIMEOUT_MS = 3_000
/** A rate of bits is known after a second. */
const MIN_READING_MS = 1_200
/** Most cameras send a key picture each second or two. */
const MAX_READING_MS = 2_000

/** What a camera sent while it was read for a moment. */
export interface Reading {
  /** Why there was no picture, or why the camera ended. */
  readonly failure: Failure | undefined
  readonly track: Track | undefined
  /** Undefined if the camera did not agree to send. */
  readonly report: ReaderReport | undefined
  /** From the beginning of the connection. */
  readonly firstPictureMs: number | undefined
  readonly fps: number | undefined
  readonly keyIntervalMs: number | undefined
  /** The newest picture that can be decoded by itself. */
  readonly key: CodedPicture | undefined
}

export interface ReadingParts {
  readonly memory: CameraMemory
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Called once, with the first picture. */
  readonly onFirst?: () => void
}

/** Opens a reader, and stops it when it is known what the camera sends. Resolves when its sockets are closed. */
export function readShortly (open: (events: ReaderEvents<Failure>) => Reader, { memory, clock, signal, onFirst }: ReadingParts): Promise<Reading> {
  const begun = clock.now()
  let meter: PictureMeter | undefined
  let firstAt: number | undefined
  let key: CodedPicture | undefined
  let track: Track | undefined
  let report: ReaderReport | undefined
  let stopped: Failure | undefined
  let cancel = () => {}
  return new Promise(resolve => {
    const abort = () => stop()
    const stop = (because?: Failure) => {
      stopped ??= because
      report ??= reader.report()
      reader.stop()
    }
    const stopAfter = (ms: number, then: () => void) => {
      cancel()
      cancel = clock.after(ms, then)
    }
    const reader = open({
      onTrack (of) {
        track = of
        meter ??= new PictureMeter(of.clockRate)
        stopAfter(FIRST_BYTES_TIMEOUT_MS, () => {
          const { lastError } = reader
          if (lastError === undefined) stop(sharedFailure('stalled', memory.target))
          else stopAfter(KEY_PICTURE_TIMEOUT_MS, () => stop(badStream(lastError)))
        })
      },
      onPicture (picture) {
        meter?.note(picture)
        if (picture.key) key = picture
        if (firstAt === undefined) {
          firstAt = picture.at
          stopAfter(MAX_READING_MS, abort)
          onFirst?.()
        }
        if (picture.at - firstAt >= MIN_READING_MS && (picture.codec === 'mjpeg' || meter?.keyIntervalMs !== undefined)) stop()
      },
      onUnchanged () {},
      onEnd (ended) {
        cancel()
        signal.removeEventListener('abort', abort)
        resolve({
          failure: memory.endOf(ended ?? stopped),
          ...{ track, report: report ?? reader.report(), key },
          firstPictureMs: firstAt === undefined ? undefined : Math.round(firstAt - begun),
          fps: meter?.fps,
          keyIntervalMs: track?.codec === 'mjpeg' ? undefined : meter?.keyIntervalMs
        })
      }
    })
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    else stopAfter(ANSWER_TIMEOUT_MS, () => stop(silent(memory.target)))
  })
}
