import type { References } from './damage.js'
import type { NalFormat } from '../codec/nal-format.js'

/** What the NAL units of the picture at hand tell about the pictures that it refers to, and that refer to it. */
export class PictureReferences {
  readonly #codec: NalFormat
  /** The stream's highest temporal sub-layer. */
  #topLayer = 0
  #resets = false
  #isIntra = true
  /** Undefined until a slice says so. */
  #disposable: boolean | undefined
  #recoversAfter: number | undefined

  constructor (codec: NalFormat) {
    this.#codec = codec
  }

  /** Whether no picture refers to it, as far as that is known. */
  get disposable (): boolean { return this.#disposable ?? false }

  addSps (nal: Buffer): void {
    this.#topLayer = Math.max(this.#topLayer, this.#codec.topLayer(nal))
  }

  /** Takes what stands in front of the slices. */
  addPrefix (nal: Buffer): void {
    this.#recoversAfter ??= this.#codec.recoversAfter(nal)
  }

  /** Takes a slice's head. What the slice refers to costs a little to read, and matters after a loss only. */
  addSlice (head: Buffer, afterLoss: boolean): void {
    this.#resets ||= this.#codec.resets(head)
    this.#isIntra &&= !afterLoss || this.#codec.isIntra(head)
    this.addPart(head)
  }

  /** Takes the head of a slice that lacks its beginning. */
  addPart (head: Buffer): void {
    this.#disposable = this.#disposable !== false && this.#codec.isDisposable(head, this.#topLayer)
  }

  /** `key`: the picture can be decoded without another one, or says so. */
  of (timestamp: number, key: boolean): References {
    const recoversAfter = this.#resets ? 0 : this.#recoversAfter ?? (key && this.#isIntra ? 0 : undefined)
    return { timestamp, disposable: this.disposable, resets: this.#resets, recoversAfter }
  }

  /** The next picture begins. */
  reset (): void {
    this.#resets = false
    this.#isIntra = true
    this.#disposable = this.#recoversAfter = undefined
  }
}
