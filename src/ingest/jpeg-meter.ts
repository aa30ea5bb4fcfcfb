import type { Clock } from '../clock.js'
import { RateMeter } from '../frames/rate-meter.js'
import { BitRate } from './bit-rate.js'
import type { ReaderReport } from './reader.js'

/** Measures a stream of bare JPEGs, which carries no description of itself. */
export class JpegMeter {
  readonly #clock: Clock
  readonly #rate = new RateMeter()
  readonly #bitRate: BitRate
  #bytes = 0
  #size: { readonly width: number, readonly height: number } | undefined

  constructor (clock: Clock) {
    this.#clock = clock
    this.#bitRate = new BitRate(clock.now())
  }

  get hasBytes (): boolean { return this.#bytes > 0 }
  get hasPictures (): boolean { return this.#size !== undefined }

  add (bytes: number): void {
    this.#bytes += bytes
    this.#bitRate.update(this.#bytes, this.#clock.now())
  }

  count ({ width, height }: { readonly width: number, readonly height: number }): void {
    this.#size = { width, height }
    this.#rate.count(this.#clock.now())
  }

  report (transport: ReaderReport['transport'], picturesDamaged = 0): ReaderReport {
    return {
      ...{ transport, codec: 'mjpeg', profile: undefined, width: this.#size?.width, height: this.#size?.height, cameraTime: undefined },
      ...{ fps: this.#rate.fps(this.#clock.now()), bitsPerSecond: this.#bitRate.bitsPerSecond, picturesDamaged }
    }
  }
}
