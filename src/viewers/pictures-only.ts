import type { AdaptiveSink } from '../adaptive/adaptive-subscriber.js'
import type { Frame } from '../frames/frame.js'
import type { Gone } from '../frames/subscriber.js'

/**
 * Whether a program reads with libavformat or GStreamer, as OpenCV does. OpenCV takes the size of a stream from its first picture; with
 * libavformat it freezes on pictures of another size, or distorts them.
 */
export const wantsPicturesOnly = (userAgent = ''): boolean => /^(Lavf\/|GStreamer )/.test(userAgent)

/** Passes on the camera's pictures, all of one size, without status frames. When the size changes, the stream ends and the program opens it again. */
export class PicturesOnly implements AdaptiveSink {
  readonly #sink: AdaptiveSink
  #size: Pick<Frame, 'width' | 'height'> | undefined

  constructor (sink: AdaptiveSink) {
    this.#sink = sink
  }

  write (frame: Frame, done: () => void): void {
    if (!frame.live) return done()
    const { width, height } = this.#size ??= { width: frame.width, height: frame.height }
    if (frame.width === width && frame.height === height) this.#sink.write(frame, done)
    else this.#sink.end()
  }

  end (): void { this.#sink.end() }

  onGone (listener: (why: Gone) => void): void { this.#sink.onGone?.(listener) }

  link () { return this.#sink.link() }
}
