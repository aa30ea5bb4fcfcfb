import { BitReader, withoutEmulationPrevention } from '../bits.js'
import type { CodedVideo } from '../coded-picture.js'
import { readUpToVui, type H264Sps } from '../h264-sps.js'
import { readH265Sps } from '../h265-sps.js'
import type { Track } from '../track.js'
import { readSliceOrder } from './h264-slice.js'
import { readRestriction } from './h264-vui.js'
import { PictureOrder } from './picture-order.js'
import { firstSlice, spsInUse } from './sps-in-use.js'

/** A stream is taken not to reorder after this many groups in which it did not: an encoder that does so does it in nearly every group. */
const MIN_ORDERED_GROUPS = 2
/** H.264 section 7.4.2.1.1. */
const MAX_LSB_BITS = 16

/**
 * Whether a stream sends pictures in another order than they are shown. H.265 says so. H.264 need not; then the picture order counts of its pictures
 * tell. They are read as long as the stream comes, because an encoder may decide anew with every scene.
 */
export class Reordering {
  /** Undefined while it is unknown. */
  reorders: boolean | undefined
  /** How many pictures a decoder holds because of it, as far as the stream says. */
  pictures: number | undefined

  #sps: Buffer | undefined
  #syntax: H264Sps | undefined
  /** Undefined if there is nothing to learn from the pictures. */
  #order: PictureOrder | undefined
  /** Since the beginning of the groups that count. */
  #keyPictures = 0

  /** The sequence parameter set in use; undefined before the first one. */
  get sps (): Buffer | undefined { return this.#sps }

  /** Begins with the parameter sets of the session description. */
  constructor (track: Track | undefined) {
    if (track) this.#use(spsInUse(track), track.codec)
  }

  /** Call it with every picture. */
  note (picture: CodedVideo): void {
    if (picture.key) this.#use(spsInUse(picture), picture.codec)
    if (!this.#order || !this.#syntax) return
    const slice = picture.damaged ? undefined : readSliceOrder(firstSlice(picture), this.#syntax)
    if (slice) this.#noteOrder(this.#order.isNext(slice, picture.key), picture.key)
    else this.#lose(this.#order)
  }

  #noteOrder (isNext: boolean | undefined, isKey: boolean): void {
    if (isNext === false) this.reorders = true
    if (isKey && ++this.#keyPictures > MIN_ORDERED_GROUPS) this.reorders ??= false
  }

  /** The current group does not count. */
  #lose (order: PictureOrder): void {
    if (order.lose()) this.#keyPictures--
  }

  #use (sps: Buffer | undefined, codec: Track['codec']): void {
    if (!sps || this.#sps?.equals(sps)) return
    this.#sps = sps
    this.#keyPictures = 0
    this.#syntax = this.#order = this.reorders = this.pictures = undefined
    if (codec === 'h265') this.#declare(readH265Sps(sps).reorderPictures)
    else this.#readH264(sps)
  }

  #readH264 (sps: Buffer): void {
    const bits = new BitReader(withoutEmulationPrevention(sps), 1)
    const syntax = readUpToVui(bits)
    const { type, lsbBits } = syntax.pictureOrder
    if (bits.broken || lsbBits > MAX_LSB_BITS) return
    this.#syntax = syntax
    if (type === 0) this.#order = new PictureOrder(lsbBits)
    const { reorderFrames } = readRestriction(bits)
    if (type === 2) this.#declare(0)
    else if (!bits.broken) this.#declare(reorderFrames)
  }

  /** A stream may say that it reorders and not do it; only H.265 is taken at its word, because its decoders wait in any case. */
  #declare (pictures: number | undefined): void {
    this.pictures = pictures
    if (pictures === 0) this.reorders = false
    else if (pictures !== undefined && !this.#order) this.reorders = true
  }
}
