import type { Logger } from 'pino'
import type { Draw } from '../src/stream/drawing.js'
import type { Encode, EncodingEvents } from '../src/renditions/encoding.js'
import type { AttemptEvents, Launch } from '../src/capture/attempt.js'
import type { LiveCamera } from '../src/config/registry.js'
import type { CameraMemory } from '../src/capture/camera-memory.js'
import { ffmpegFailure } from '../src/ffmpeg/failure.js'
import type { PictureSettings } from '../src/ffmpeg/picture-settings.js'
import type { Clock } from '../src/clock.js'
import type { Frame } from '../src/frames/frame.js'
import type { JpegPicture } from '../src/jpeg/picture.js'
import { StartLimiter } from '../src/lifecycle/start-limiter.js'
import type { CodedVideo } from '../src/codec/coded-picture.js'
import type { Track } from '../src/codec/track.js'
import type { SupervisorParts } from '../src/camera/supervisor.js'
import type { QueuedPicture } from '../src/transcode/waiting-pictures.js'
import type { Transcode, TranscoderEvents } from '../src/transcode/transcoder.js'
import type { Overload } from '../src/transcode/drop-counter.js'
import { noteLog } from '../src/decoder/note-log.js'
import { makeJpegs, whole } from './jpegs.js'

export const [jpeg, wordsJpeg] = makeJpegs(2) as [Buffer, Buffer]

/** An ordinary camera, at an address that no test connects to. */
export const camera: LiveCamera = {
  id: '1',
  name: 'Yard',
  source: { type: 'rtsp', url: 'rtsp://127.0.0.1/1' },
  transport: 'tcp',
  ingest: 'auto',
  onLoss: 'show',
  fps: 20,
  onDemand: false,
  decode: 'watched',
  rewriteSps: true,
  enabled: true,
  renditions: []
}

export const h264Track: Track = { codec: 'h264', clockRate: 90_000, parameterSets: [], format: { profile: 'Main', width: 64, height: 48, depth: 8 } }

/** A JPEG as an attempt emits it. */
export const pictureOf = (picture: Buffer, at = 0, damaged = false): JpegPicture => ({ ...whole(picture), at, damaged })

/** Attempts, encodings and drawings without processes. The test decides with `frame` and `exit` what a camera does next. */
export class FakeLaunch {
  readonly attempts: Array<AttemptEvents & { id: string, camera: LiveCamera, memory: CameraMemory, stops: number, frames: number, fits: boolean }> = []
  readonly #clock: Clock
  /** Cameras whose frames are damaged. */
  readonly #damaged = new Set<string>()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** An attempt at a substream has `.sub` after its camera's id. */
  readonly launch: Launch = (camera, events, memory) => {
    const { id, source, substream, ingest } = camera
    const attempt = { ...events, id: source === substream ? `${id}.sub` : id, camera, memory, stops: 0, frames: 0, fits: false }
    this.attempts.push(attempt)
    return {
      lastFailure: undefined,
      input: () => null,
      fits: () => attempt.fits,
      ...source.type === 'rtsp' && ingest === 'auto' && { handOver (why: string) { memory.ffmpegReason = why } },
      stop () { attempt.stops++ }
    }
  }

  /** Encodings of renditions, whose output the test controls. */
  readonly encodings: Array<EncodingEvents & { picture: PictureSettings, given: Frame[], stops: number, full: boolean }> = []

  readonly encode: Encode = (picture, events) => {
    const encoding = { ...events, picture, given: [] as Frame[], stops: 0, full: false }
    this.encodings.push(encoding)
    return { give (frame) { encoding.given.push(frame) }, get full () { return encoding.full }, stop () { encoding.stops++ } }
  }

  /** Transcodings of coded pictures, whose output the test controls. */
  readonly transcodings: Array<TranscoderEvents & { camera: LiveCamera, track: Pick<Track, 'codec' | 'format'>, given: QueuedPicture[], stops: number, isFed: boolean, stderr: string[], decoder: string, overload: Overload | undefined, dropped: number }> = []

  readonly transcode: Transcode = (camera, track, events) => {
    const transcoding = { ...events, camera, track, given: [] as QueuedPicture[], stops: 0, isFed: false, stderr: [] as string[], overload: undefined as Overload | undefined, dropped: 0, decoder: camera.hwaccel === 'vaapi' ? 'vaapi' : 'software' }
    this.transcodings.push(transcoding)
    return {
      offer (picture) { transcoding.given.push(picture) },
      get isFed () { return transcoding.isFed },
      get stderr () { return transcoding.stderr },
      get overload () { return transcoding.overload },
      get dropped () { return transcoding.dropped },
      report: () => ({ decoder: transcoding.decoder, notes: [] }),
      stop () { transcoding.stops++ }
    }
  }

  /** Requested drawings; each results in `wordsJpeg`. */
  readonly drawn: Array<{ title: string, paragraphs: readonly string[], width: number, height: number, over: Buffer | undefined }> = []

  readonly draw: Draw = async (caption, { width, height }, over) => {
    this.drawn.push({ ...caption, width, height, over })
    return { pieces: [wordsJpeg], length: wordsJpeg.length, width, height }
  }

  /** What a supervisor needs, all of it played. */
  parts (log: Logger, startLimiter = new StartLimiter(this.#clock, 4)): SupervisorParts {
    const { launch, transcode, encode, draw } = this
    return { launch, transcode, encode, draw, noteLog: noteLog(log), attemptLimiter: startLimiter, startLimiter, clock: this.#clock, random: () => 0, log }
  }

  /** The camera turns out to send H.264. */
  track (id = '1', track: Partial<Track> = {}): void {
    const last = this.#last(id)
    last.fits = true
    last.onTrack({ ...h264Track, ...track })
  }

  /** The camera sends a picture of H.264. */
  coded (key = true, id = '1', more: Partial<CodedVideo> = {}): void {
    this.#last(id).onCoded({ codec: 'h264', key, damaged: this.#damaged.has(id), bytes: Buffer.from(key ? 'key' : 'next'), at: this.#clock.now(), rtpTime: undefined, ...more })
  }

  #last (id: string) {
    const last = this.attempts.findLast(attempt => attempt.id === id)
    if (!last) throw new Error(`camera ${id} was never launched`)
    return last
  }

  stops (id = '1'): number { return this.#last(id).stops }

  frame (id = '1', picture = jpeg): void {
    const last = this.#last(id)
    last.frames++
    last.onPicture(pictureOf(picture, this.#clock.now(), this.#damaged.has(id)))
  }

  /** Sets whether further frames are damaged. */
  damage (damaged = true, id = '1'): void {
    if (damaged) this.#damaged.add(id)
    else this.#damaged.delete(id)
  }

  /** Ends the attempt like an ffmpeg that has printed these lines. */
  exit (stderr: string[] = [], id = '1'): void {
    const { frames, memory, onExit } = this.#last(id)
    onExit(ffmpegFailure({ code: 0, signal: null, stderr }, frames > 0, memory.target))
  }
}

/** Lets microtasks run, because p-queue starts some tasks in one. */
export const turn = () => new Promise(resolve => setImmediate(resolve))
