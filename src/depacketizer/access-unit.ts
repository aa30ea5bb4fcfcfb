import { CamgateError } from '../errors.js'
import type { PictureFormat } from '../codec/coded-picture.js'
import { Damage } from './damage.js'
import type { Depacketized } from './depacketizer.js'
import type { NalFormat } from '../codec/nal-format.js'
import { MAX_SET_BYTES, ParameterSets } from '../codec/parameter-sets.js'
import { PictureBuffer } from './picture-buffer.js'
import { PictureReferences } from './picture-references.js'

const MAX_NAL_UNITS = 2_048
/** One packet completes one picture, rarely two; parameter sets in front of each would make much of little. */
const MAX_PICTURES_A_PACKET = 16
const startCode = Buffer.from([0, 0, 0, 1])

/**
 * Groups NAL units into pictures, each as soon as it is known to be whole: at RTP's marker bit, at the NAL unit that begins the
 * next picture, or at a new timestamp. A camera that sets the marker within a picture, or stamps its packets anew, is not trusted with
 * that any more.
 */
export class AccessUnits {
  readonly damage = new Damage()
  format: PictureFormat | undefined

  readonly #codec: NalFormat
  readonly #sets: ParameterSets
  /** That of the last key picture. */
  #sps: Buffer | undefined
  readonly #bytes = new PictureBuffer()
  #done: Depacketized[] = []
  /** Since the first key picture; what comes before cannot be decoded. */
  #started = false
  #markerTrusted = true
  #marks = false
  /** Until the next slice, or what begins a picture, tells how much of it is missing. The first packet may come from a picture's midst. */
  #afterGap = true
  /** Packets that were lost there, until it is known which pictures they belonged to. */
  #missing = 0
  /** Of the picture that the marker ended last, if nothing was lost since. */
  #endedAt: number | undefined
  /** The NAL unit at hand, and where in the picture its bytes begin. */
  #nal: 'none' | 'kept' | 'left out' = 'none'
  #nalStart = 0
  #nalType = 0
  /** Of the picture before this one; where it is the same, a timestamp tells nothing about a picture. */
  #timestampBefore: number | undefined
  /** Of the packet at hand. */
  #timestamp = 0
  /** The packet at hand has another timestamp than the one before it, and it is not known yet whether the picture goes on. */
  #turned = false
  #timestampTrusted = true

  // The picture at hand. Until it has a slice it is only what stands in front of one, whatever its timestamp and marker say.
  #pictureTimestamp = 0
  #nals = 0
  #hasSlice = false
  #key = false
  #lost = false
  readonly #references: PictureReferences

  constructor (codec: NalFormat, parameterSets: readonly Buffer[]) {
    this.#codec = codec
    this.#references = new PictureReferences(codec)
    this.#sets = new ParameterSets(codec)
    for (const nal of parameterSets) {
      if (codec.parameterSets.includes(codec.type(nal)) && nal.length <= MAX_SET_BYTES) this.#readSet(nal, codec.type(nal), false)
    }
  }

  /** To be called in front of each packet's NAL units. `missing`: so many packets before it were lost. */
  beginPacket (timestamp: number, missing: number): void {
    if (missing > 0) {
      if (this.#hasSlice) {
        if (!this.#areOwn(missing, timestamp)) this.damage.lose()
        this.lose()
      } else {
        this.#missing += missing
        this.#reset()
      }
      this.#afterGap = true
      this.#endedAt = undefined
    }
    this.#turned = this.#timestampTrusted && timestamp !== this.#timestamp
    this.#timestamp = timestamp
    if (this.#lost) this.#turn()
  }

  /** The packet at hand goes on with the picture of the one before it. */
  resume (): void {
    if (!this.#turned) return
    this.#turned = this.#timestampTrusted = false
  }

  /** Whether there was a key picture. */
  get started (): boolean {
    return this.#started
  }

  /** Begins a NAL unit whose bytes, header included, come by `append`. One that was not ended is: a camera may forget the bit. */
  begin (head: Buffer): void {
    this.endNal()
    const slice = this.#codec.isSlice(head)
    const begins = this.#codec.beginsPicture(head)
    if (slice && !begins && this.#hasSlice) this.resume()
    else this.#turn()
    if (begins) {
      this.#finish()
      this.#afterGap = false
      this.#place(0)
    } else if (slice) {
      const continued = !this.#hasSlice && this.#timestamp === this.#endedAt
      if (continued) this.#markerTrusted = false
      if (continued || this.#afterGap) this.lose(head)
      this.#afterGap = false
    }
    if (slice) {
      if (!this.#hasSlice) this.#pictureTimestamp = this.#timestamp
      this.#hasSlice = true
      this.#key ||= this.#codec.isKey(head)
      this.#references.addSlice(head, !this.damage.isClean)
    }
    this.#nalType = this.#codec.type(head)
    const kept = !this.#lost && !this.#afterGap && !this.#codec.dropped.has(this.#nalType) && !this.#codec.isForeign(head)
    this.#nal = kept ? 'kept' : 'left out'
    if (!kept) return
    if (++this.#nals > MAX_NAL_UNITS) throw new CamgateError('BAD_RTP', `a picture of more than ${MAX_NAL_UNITS} NAL units`)
    this.#bytes.append(startCode)
    this.#nalStart = this.#bytes.length
  }

  append (bytes: Buffer): void {
    if (this.#nal === 'kept') this.#bytes.append(bytes)
  }

  endNal (): void {
    if (this.#nal === 'kept') this.#note(this.#bytes.view(this.#nalStart), this.#nalType)
    this.#nal = 'none'
  }

  /** A part of the picture at hand is missing, or makes no sense. `head` is of the NAL unit that goes on behind what is missing. */
  lose (head?: Buffer): void {
    this.#turn()
    this.#place(head ? 1 : 0)
    if (head) this.#references.addPart(head)
    if (!this.#hasSlice) this.#pictureTimestamp = this.#timestamp
    this.#lost = this.#hasSlice = true
    this.#nal = 'none'
    this.#bytes.clear()
  }

  /** To be called behind each packet's NAL units; returns the pictures that are whole since the last time. */
  endPacket (marker: boolean): Depacketized[] {
    this.#turn()
    if (marker && this.#nal !== 'none') this.#markerTrusted = false
    if (marker && this.#markerTrusted && this.#hasSlice) {
      this.#marks = true
      this.#finish()
      this.#endedAt = this.#timestamp
    }
    if (this.#done.length === 0) return []
    const done = this.#done
    this.#done = []
    return done
  }

  /** What stands in front of slices tells of them, and key slices say what they need. */
  #note (nal: Buffer, type: number): void {
    if (this.#hasSlice) {
      if (this.#key && this.#codec.isSlice(nal)) this.#sets.addSlice(nal)
      return
    }
    this.#key ||= this.#codec.announcesKey(nal)
    this.#references.addPrefix(nal)
    if (this.#codec.parameterSets.includes(type)) this.#readSet(nal, type, true)
  }

  #readSet (nal: Buffer, type: number, inBand: boolean): void {
    if (type === this.#codec.sps) {
      this.format ??= this.#codec.readSps(nal)
      this.#references.addSps(nal)
    }
    if (inBand) this.#sets.addInBand(nal, type)
    else this.#sets.remember(nal, type)
  }

  /** Whether the picture at hand can be decoded by itself. */
  #isKey (): boolean {
    const sps = this.#key ? this.#sets.sps : undefined
    if (sps && sps !== this.#sps) {
      this.#sps = sps
      this.format = this.#codec.readSps(sps)
    }
    return sps !== undefined
  }

  /** Whether packets that were lost in midst of a picture were surely all its own. */
  #areOwn (missing: number, timestamp: number): boolean {
    const isTimed = this.#timestampTrusted && this.#timestampBefore !== undefined && this.#timestampBefore !== this.#pictureTimestamp
    if (isTimed && timestamp === this.#pictureTimestamp) return true
    return missing === 1 && (this.#nal !== 'none' || (this.#marks && this.#markerTrusted)) // it lacked its end
  }

  /** Of the packets that were lost between two pictures, so many are known to be the second one's own: nobody knows what else was lost. */
  #place (own: number): void {
    if (this.#missing > own) this.damage.lose()
    this.#missing = 0
  }

  /** The packet at hand does not go on with the picture of the one before it. */
  #turn (): void {
    if (!this.#turned) return
    this.#turned = false
    this.#finish()
  }

  #finish (): void {
    if (!this.#hasSlice) return
    this.endNal()
    const key = this.#isKey()
    if (this.#lost) {
      if (this.#started) this.damage.drop(this.#references.disposable)
    } else if (this.#started || key) {
      if (this.#done.length === MAX_PICTURES_A_PACKET) throw new CamgateError('BAD_RTP', `more than ${MAX_PICTURES_A_PACKET} pictures in a packet`)
      this.#started = true
      const damaged = this.damage.take(this.#references.of(this.#pictureTimestamp, this.#key))
      this.#done.push({ codec: this.#codec.codec, rtpTime: this.#pictureTimestamp, key, damaged, bytes: this.#take(key), ...key && { parameterSets: this.#sets.all } })
    }
    this.#timestampBefore = this.#pictureTimestamp
    this.#reset()
  }

  #take (key: boolean): Buffer {
    this.#bytes.append(this.#codec.delimiter)
    const bytes = this.#bytes.take()
    const sets = key ? this.#sets.missing : undefined
    return sets?.length ? Buffer.concat([sets, bytes]) : bytes
  }

  #reset (): void {
    this.#bytes.clear()
    this.#nals = 0
    this.#hasSlice = this.#key = this.#lost = false
    this.#references.reset()
    this.#sets.reset()
    this.#nal = 'none'
  }
}
