import { availableParallelism } from 'node:os'
import type { Clock } from '../clock.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import type { Track } from '../codec/track.js'
import type { LiveCamera } from '../config/registry.js'
import { outputArguments } from '../ffmpeg/arguments.js'
import { catchUp } from '../ffmpeg/filters.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import { startFfmpeg, type StartedFfmpeg } from '../ffmpeg/start.js'
import { Pacer } from '../frames/pacer.js'
import type { JpegPicture } from '../jpeg/picture.js'
import { jpegPipe } from '../jpeg/pipe.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import type { Overload } from './drop-counter.js'
import { stdinFormatFor } from './stdin-format.js'
import { TranscoderQueue } from './transcoder-queue.js'
import { Turns } from './turns.js'
import { Decoding, type DecodingReport } from './decoding.js'

export interface TranscoderEvents {
  readonly onPicture: (picture: JpegPicture) => void
  /** Called once, if ffmpeg's output is unusable. No picture follows; stop the transcoder. */
  readonly onBroken: (error: Error) => void
  /** Called once, when ffmpeg is gone, and never before the constructor returns. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** A process that makes JPEGs of coded pictures. */
export interface Transcoding {
  offer (picture: CodedPicture): void
  /** Whether it has been given pictures since its last JPEG. */
  readonly isFed: boolean
  /** ffmpeg's last lines so far, without credentials. */
  readonly stderr: readonly string[]
  /** Undefined while ffmpeg keeps up. */
  readonly overload: Overload | undefined
  /** Pictures that were dropped because ffmpeg is too slow. */
  readonly dropped: number
  /** Undefined until ffmpeg was found. */
  report (): DecodingReport | undefined
  /** Idempotent. `onExit` follows. */
  stop (): void
}

/** Starts a transcoding. Tests inject their own. */
export type Transcode = (camera: LiveCamera, track: Pick<Track, 'codec' | 'format'>, events: TranscoderEvents) => Transcoding

/** More ffmpegs than this do not decode at the same time: enough to keep the processors busy while some of them wait for camgate. */
const DECODING_AT_ONCE = 2 * availableParallelism()

export function ffmpegTranscode (install: FfmpegInstall, clock: Clock): Transcode {
  const turns = new Turns(clock, DECODING_AT_ONCE)
  return (camera, track, events) => new Transcoder(camera, track, { install, clock, turns }, events)
}

interface TranscoderParts {
  readonly install: FfmpegInstall
  readonly clock: Clock
  readonly turns: Turns
}

/** Turns the pictures of one track into JPEGs as a camera's configuration wants them. Starts its ffmpeg at once, which never gets the camera's address. */
class Transcoder implements Transcoding {
  readonly #clock: Clock
  readonly #queue: TranscoderQueue
  readonly #pacer: Pacer | undefined
  readonly #ffmpeg: StartedFfmpeg
  #decoding: Decoding | undefined

  constructor (camera: LiveCamera, { codec, format: coded }: Pick<Track, 'codec' | 'format'>, { install, clock, turns }: TranscoderParts, { onPicture, onBroken, onExit }: TranscoderEvents) {
    const queue = this.#queue = new TranscoderQueue(clock, camera.fps, turns)
    this.#clock = clock
    this.#pacer = codec === 'mjpeg' ? new Pacer(camera.fps) : undefined // other pictures depend on earlier ones: ffmpeg limits their rate
    const onJpeg = (jpeg: SplitJpeg) => setImmediate(() => { // by then, what ffmpeg has announced on the other pipe has been read too. `onExit` still comes later: pipes close after immediates
      const { shown, damaged, at: originalAt } = queue.next()
      if (shown) onPicture({ ...jpeg, at: clock.now(), originalAt, damaged })
    })
    this.#ffmpeg = startFfmpeg(install, clock, async found => {
      const { dialect } = found
      const decoding = this.#decoding = await Decoding.choose(camera, codec, found)
      const format = stdinFormatFor(codec, dialect)
      const from = codec === 'mjpeg' ? 'jpegs' : coded?.depth === 8 && decoding.software ? 'planes' : 'stream'
      const first = codec === 'mjpeg' ? [] : [catchUp({ wallAtZero: clock.wall() - clock.now(), newest: queue.newest })]
      queue.begin(format)
      return {
        input: { args: [...decoding.inputArguments, ...format.input], stdin: queue.stream },
        output: [...outputArguments(camera, dialect, from, { first, last: format.filters }), ...format.output],
        onData: jpegPipe({ onJpeg, onBroken }),
        onTaken: bytes => queue.take(bytes),
        onShown: at => queue.show(at),
        onShownFrom: position => queue.showFrom(position)
      }
    }, exit => {
      queue.end()
      onExit(exit)
    })
  }

  /**
   * Queues the picture for ffmpeg, or drops it: ffmpeg gets no more pictures than it can take, and no more JPEGs than are wanted. It decodes
   * the pictures that are offered before it starts as fast as it can, and only the last one of them comes out.
   */
  offer (picture: CodedPicture): void {
    if (this.#pacer?.admits(this.#clock.now()) !== false) this.#queue.offer(picture)
  }

  get isFed (): boolean { return this.#queue.isFed }

  get stderr (): readonly string[] { return this.#ffmpeg.stderr }

  get overload (): Overload | undefined { return this.#queue.overload }

  get dropped (): number { return this.#queue.dropped }

  report (): DecodingReport | undefined { return this.#decoding?.report(this.stderr) }

  stop (): void { this.#ffmpeg.stop() }
}
