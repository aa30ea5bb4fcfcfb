import type { PictureFormat } from '../codec/coded-picture.js'
import type { NalFormat } from '../codec/nal-format.js'
import { MAX_SET_BYTES, ParameterSets } from '../codec/parameter-sets.js'
import { CamgateError } from '../errors.js'
import { Damage } from './damage.js'
import type { Depacketized } from './depacketizer.js'
import { PictureBoundaries } from './picture-boundaries.js'
import { PictureBuffer } from './picture-buffer.js'
import { PictureReferences } from './picture-references.js'

const MAX_NAL_UNITS = 2_048
/** A packet completes one picture, rarely two. Since parameter sets are inserted in front of each, many would amplify a few bytes. */
const MAX_PICTURES_PER_PACKET = 16
const startCode = Buffer.from([0, 0, 0, 1])

/** Groups NAL units into pictures. Each is complete at RTP's marker bit, at the first NAL unit of the next picture, or at a new timestamp. */
export class AccessUnits {
  readonly damage = new Damage()
  format: PictureFormat | undefined

  readonly #codec: NalFormat
  readonly #sets: ParameterSets
  /** Of the last key picture. */
  #sps: Buffer | undefined
  readonly #bytes = new PictureBuffer()
  readonly #boundaries = new PictureBoundaries()
  #done: Depacketized[] = []
  /** Set by the first key picture, because nothing before it can be decoded. */
  #started = false
  /** Packets were lost, and no slice or picture start has shown yet how much is missing. Initially true, because a stream may start within a picture. */
  #afterGap = true
  /** Packets lost in that gap, until it is known which pictures they belonged to. */
  #missing = 0
  /** The current NAL unit, and where its bytes begin in the picture. */
  #nal: 'none' | 'kept' | 'dropped' = 'none'
  #nalStart = 0
  #nalType = 0

  // The current picture. Before its first slice, it collects NAL units that precede slices and ignores their timestamps and markers.
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

  /** Call this before each packet's NAL units. `missing` is the number of packets lost in front of this one. */
  beginPacket (timestamp: number, missing: number): void {
    if (missing > 0) {
      if (this.#hasSlice) {
        if (!this.#boundaries.areOfPicture(missing, this.#pictureTimestamp, timestamp, this.#nal !== 'none')) this.damage.lose()
        this.lose()
      } else {
        this.#missing += missing
        this.#reset()
      }
      this.#afterGap = true
      this.#boundaries.lose()
    }
    this.#boundaries.beginPacket(timestamp)
    if (this.#lost) this.#leavePicture()
  }

  /** The current packet continues the picture of the one before it. */
  resume (): void {
    this.#boundaries.continuePicture()
  }

  /** Whether a key picture has arrived. */
  get started (): boolean {
    return this.#started
  }

  /** Begins a NAL unit; `append` adds its bytes, header included. Ends an open one: some cameras forget the end bit. */
  begin (head: Buffer): void {
    this.endNal()
    const slice = this.#codec.isSlice(head)
    const begins = this.#codec.beginsPicture(head)
    if (slice && !begins && this.#hasSlice) this.resume()
    else this.#leavePicture()
    if (begins) {
      this.#finish()
      this.#afterGap = false
      this.#placeMissing(0)
    } else if (slice) {
      const continued = !this.#hasSlice && this.#boundaries.isAfterEarlyMarker()
      if (continued || this.#afterGap) this.lose(head)
      this.#afterGap = false
    }
    if (slice) {
      if (!this.#hasSlice) this.#pictureTimestamp = this.#boundaries.timestamp
      this.#hasSlice = true
      this.#key ||= this.#codec.isKey(head)
      this.#references.addSlice(head, !this.damage.isClean)
    }
    this.#nalType = this.#codec.type(head)
    const kept = !this.#lost && !this.#afterGap && !this.#codec.dropped.has(this.#nalType) && !this.#codec.isForeign(head)
    this.#nal = kept ? 'kept' : 'dropped'
    if (!kept) return
    if (++this.#nals > MAX_NAL_UNITS) throw new CamgateError('BAD_RTP', `a picture of more than ${MAX_NAL_UNITS} NAL units`)
    this.#bytes.append(startCode)
    this.#nalStart = this.#bytes.length
  }

  append (bytes: Buffer): void {
    if (this.#nal === 'kept') this.#bytes.append(bytes)
  }

  endNal (): void {
    if (this.#nal === 'kept') this.#readNal(this.#bytes.view(this.#nalStart), this.#nalType)
    this.#nal = 'none'
  }

  /** A part of the current picture is missing or invalid. `head` belongs to the NAL unit that continues after the missing part. */
  lose (head?: Buffer): void {
    this.#leavePicture()
    this.#placeMissing(head ? 1 : 0)
    if (head) this.#references.addPart(head)
    if (!this.#hasSlice) this.#pictureTimestamp = this.#boundaries.timestamp
    this.#lost = this.#hasSlice = true
    this.#nal = 'none'
    this.#bytes.clear()
  }

  /** Call this after each packet's NAL units. Returns the pictures completed since the last call. */
  endPacket (marker: boolean): Depacketized[] {
    this.#leavePicture()
    if (marker && this.#boundaries.endsByMarker(this.#nal !== 'none') && this.#hasSlice) {
      this.#finish()
      this.#boundaries.noteMarkerEnd()
    }
    if (this.#done.length === 0) return []
    const done = this.#done
    this.#done = []
    return done
  }

  /** NAL units before the slices describe the picture. Slices of a key picture refer to the parameter sets that it needs. */
  #readNal (nal: Buffer, type: number): void {
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

  /** Whether the current picture can be decoded by itself. */
  #isKey (): boolean {
    const sps = this.#key ? this.#sets.sps : undefined
    if (sps && sps !== this.#sps) {
      this.#sps = sps
      this.format = this.#codec.readSps(sps)
    }
    return sps !== undefined
  }

  /** Of the packets lost between two pictures, `own` belonged to the second one. The others may have held anything. */
  #placeMissing (own: number): void {
    if (this.#missing > own) this.damage.lose()
    this.#missing = 0
  }

  /** Nothing in the current packet shows that it continues a picture. */
  #leavePicture (): void {
    if (this.#boundaries.endsByTimestamp()) this.#finish()
  }

  #finish (): void {
    if (!this.#hasSlice) return
    this.endNal()
    const key = this.#isKey()
    if (this.#lost) {
      if (this.#started) this.damage.drop(this.#references.disposable)
    } else if (this.#started || key) {
      if (this.#done.length === MAX_PICTURES_PER_PACKET) throw new CamgateError('BAD_RTP', `more than ${MAX_PICTURES_PER_PACKET} pictures in a packet`)
      this.#started = true
      this.#done.push(this.#picture(key))
    }
    this.#boundaries.notePictureEnd(this.#pictureTimestamp)
    this.#reset()
  }

  #picture (key: boolean): Depacketized {
    const damaged = this.damage.take(this.#references.of(this.#pictureTimestamp, this.#key))
    this.#bytes.append(this.#codec.delimiter)
    const bytes = this.#bytes.take()
    const picture = { codec: this.#codec.codec, rtpTime: this.#pictureTimestamp, key, damaged, bytes }
    if (!key) return picture
    const { missing, all } = this.#sets
    return { ...picture, bytes: missing.length > 0 ? Buffer.concat([missing, bytes]) : bytes, parameterSets: all, format: this.format }
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
