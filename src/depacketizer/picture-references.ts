import type { References } from './damage.js'
import type { NalFormat } from '../codec/nal-format.js'

/** Collects from the current picture's NAL units how it depends on other pictures, and they on it. */
export class PictureReferences {
  readonly #codec: NalFormat
  /** The stream's highest temporal sub-layer. */
  #topLayer = 0
  #resets = false
  #isIntra = true
  /** Undefined before the first slice. */
  #disposable: boolean | undefined
  #recoversAfter: number | undefined

  constructor (codec: NalFormat) {
    this.#codec = codec
  }

  /** Whether certainly no picture refers to it. */
  get disposable (): boolean { return this.#disposable ?? false }

  addSps (nal: Buffer): void {
    this.#topLayer = Math.max(this.#topLayer, this.#codec.topLayer(nal))
  }

  /** Adds a NAL unit that precedes the slices. */
  addPrefix (nal: Buffer): void {
    this.#recoversAfter ??= this.#codec.recoversAfter(nal)
  }

  /** Adds a slice's head. Reads its slice type, which costs a little, only after a loss. */
  addSlice (head: Buffer, afterLoss: boolean): void {
    this.#resets ||= this.#codec.resets(head)
    this.#isIntra &&= !afterLoss || this.#codec.isIntra(head)
    this.addPart(head)
  }

  /** Adds the head of a slice that lacks its beginning. */
  addPart (head: Buffer): void {
    this.#disposable = this.#disposable !== false && this.#codec.isDisposable(head, this.#topLayer)
  }

  /** `key`: the picture can be decoded without others, or claims to be. */
  of (timestamp: number, key: boolean): References {
    const recoversAfter = this.#resets ? 0 : this.#recoversAfter ?? (key && this.#isIntra ? 0 : undefined)
    return { timestamp, disposable: this.disposable, resets: this.#resets, recoversAfter }
  }

  /** Begins the next picture. */
  reset (): void {
    this.#resets = false
    this.#isIntra = true
    this.#disposable = this.#recoversAfter = undefined
  }
}
