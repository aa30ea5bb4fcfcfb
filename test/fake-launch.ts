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
  enabled: true,
  renditions: []
}

/** A JPEG as an attempt emits it. */
export const pictureOf = (picture: Buffer, at = 0, damaged = false): JpegPicture => ({ ...whole(picture), at, damaged })

/** Attempts, encodings and drawings without processes. The test decides with `frame` and `exit` what a camera does next. */
export class FakeLaunch {
  readonly attempts: Array<AttemptEvents & { id: string, memory: CameraMemory, stops: number, frames: number }> = []
  readonly #clock: Clock
  /** Cameras whose frames are damaged. */
  readonly #damaged = new Set<string>()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  readonly launch: Launch = ({ id }, events, memory) => {
    const attempt = { ...events, id, memory, stops: 0, frames: 0 }
    this.attempts.push(attempt)
    return { lastFailure: undefined, input: () => null, stop () { attempt.stops++ } }
  }

  /** Encodings of renditions, whose output the test controls. */
  readonly encodings: Array<EncodingEvents & { picture: PictureSettings, given: Frame[], stops: number, full: boolean }> = []

  readonly encode: Encode = (picture, events) => {
    const encoding = { ...events, picture, given: [] as Frame[], stops: 0, full: false }
    this.encodings.push(encoding)
    return { give (frame) { encoding.given.push(frame) }, get full () { return encoding.full }, stop () { encoding.stops++ } }
  }

  /** Requested drawings; each results in `wordsJpeg`. */
  readonly drawn: Array<{ title: string, paragraphs: readonly string[], width: number, height: number, over: Buffer | undefined }> = []

  readonly draw: Draw = async (caption, { width, height }, over) => {
    this.drawn.push({ ...caption, width, height, over })
    return { pieces: [wordsJpeg], length: wordsJpeg.length, width, height }
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
