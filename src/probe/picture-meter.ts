import type { CodedPicture } from '../codec/coded-picture.js'
import { KeyInterval } from '../coded/key-interval.js'

/** Cameras whose timestamps say something else than the clock are measured by the clock. */
const MAX_DISAGREEMENT = 4

/** Measures the rate of pictures within a second or two. By the camera's timestamps, because many cameras begin with a burst of older pictures. */
export class PictureMeter {
  readonly #clockRate: number | undefined
  readonly #keys = new KeyInterval()
  #pictures = 0
  #firstAt = 0
  #newestAt = 0
  #rtpTime: number | undefined
  /** Of the newest picture, in milliseconds since the first. Pictures may come in another order than they are shown. */
  #time = 0
  #earliest = 0
  #latest = 0

  /** `clockRate` is that of the track. */
  constructor (clockRate: number | undefined) {
    this.#clockRate = clockRate
  }

  get pictures (): number { return this.#pictures }
  /** Undefined before the second key picture. */
  get keyIntervalMs (): number | undefined { return this.#keys.ms }

  note ({ at, rtpTime, key }: Pick<CodedPicture, 'at' | 'rtpTime' | 'key'>): void {
    if (this.#pictures++ === 0) this.#firstAt = at
    const since = this.#rtpTime === undefined || rtpTime === undefined ? undefined : (rtpTime - this.#rtpTime) | 0 // it wraps
    this.#time = since === undefined || this.#clockRate === undefined ? at - this.#firstAt : this.#time + 1_000 * since / this.#clockRate
    this.#rtpTime = rtpTime
    this.#newestAt = at
    this.#earliest = Math.min(this.#earliest, this.#time)
    this.#latest = Math.max(this.#latest, this.#time)
    this.#keys.note({ key, at: this.#time })
  }

  /** Pictures per second; undefined before the second picture. */
  get fps (): number | undefined {
    const received = this.#newestAt - this.#firstAt
    const shown = this.#latest - this.#earliest
    const agree = shown > 0 && received > 0 && shown / received < MAX_DISAGREEMENT && received / shown < MAX_DISAGREEMENT
    const lasted = agree ? shown : received
    return this.#pictures > 1 && lasted > 0 ? 1_000 * (this.#pictures - 1) / lasted : undefined
  }
}
