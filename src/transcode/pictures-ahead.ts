import { MAX_DELIMITER_BYTES } from './damage-marks.js'
import { Pace } from './pace.js'

/** Weight of the newest picture in the average time per picture. */
const NEWEST_WEIGHT = 1 / 4
/** Reports come several at once, and only the first of these took time. */
const PACE_PICTURES = 5

/** The pictures that are written to an ffmpeg, but not taken by it. Times are in milliseconds. */
export class PicturesAhead {
  /** Where each ends in the count of bytes, when it was queued and when it was written. */
  readonly #pictures: Array<{ end: number, queued: number, written: number }> = []
  #written = 0
  #taken = 0
  #takenAt: number | undefined
  #msPerPicture = 0
  readonly #pace = new Pace(PACE_PICTURES)

  get length (): number { return this.#pictures.length }
  get bytes (): number { return this.#written - this.#taken }

  /** Whether ffmpeg has taken a picture. */
  get hasBegun (): boolean { return this.#takenAt !== undefined }

  /** Recent average time that ffmpeg takes for one picture; 0 while unknown. */
  get msPerPicture (): number { return this.#msPerPicture }

  /** The same without a single hitch. */
  get steadyMsPerPicture (): number { return this.#pace.msPerPicture }

  write (bytes: number, queued: number, now: number): void {
    this.#written += bytes
    this.#pictures.push({ end: this.#written - MAX_DELIMITER_BYTES, queued, written: now })
  }

  /** Call it when ffmpeg has taken this many more bytes. Does not time the first picture, because the process had to start. */
  take (bytes: number, now: number): void {
    this.#taken += bytes
    while (this.#pictures[0] && this.#pictures[0].end <= this.#taken) {
      const { written } = this.#pictures.shift()!
      if (this.#takenAt !== undefined) this.#time(now - Math.max(written, this.#takenAt))
      this.#takenAt = now
    }
  }

  /** How long ago the first one was queued; 0 if there is none. */
  waitMs (now: number): number { return this.#pictures[0] ? now - this.#pictures[0].queued : 0 }

  #time (ms: number): void {
    this.#msPerPicture += NEWEST_WEIGHT * (ms - this.#msPerPicture)
    this.#pace.add(ms)
  }
}
