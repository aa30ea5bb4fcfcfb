import { CamgateError } from '../errors.js'
import { AccessUnits } from './access-units.js'
import type { PictureFormat } from '../codec/coded-picture.js'
import type { Depacketized, Depacketizer } from './depacketizer.js'
import type { NalPayloadFormat } from '../codec/nal-format.js'
import { NalSplitter } from './nal-splitter.js'
import type { RtpPacket } from '../rtp/packet.js'

/** A few packets of these types may be vendor-specific NAL units. A stream in interleaved mode has no others. */
const MAX_INTERLEAVED_PACKETS = 32

/** H.264 and H.265, whose payload formats are alike: RFC 6184 section 5, RFC 7798 section 4.4. */
export class NalDepacketizer implements Depacketizer {
  readonly #format: NalPayloadFormat
  readonly #units: AccessUnits
  readonly #nals: NalSplitter
  #interleavedPackets = 0

  constructor (format: NalPayloadFormat, parameterSets: readonly Buffer[]) {
    this.#format = format
    this.#units = new AccessUnits(format, parameterSets)
    this.#nals = new NalSplitter(format, this.#units)
  }

  get damaged (): number {
    return this.#units.damage.count
  }

  get format (): PictureFormat | undefined {
    return this.#units.format
  }

  push ({ payload, timestamp, marker }: RtpPacket, missing: number): Depacketized[] {
    if (missing > 0) this.#nals.clear()
    this.#units.beginPacket(timestamp, missing)
    if (payload.length > 0) this.#take(payload)
    return this.#units.endPacket(marker)
  }

  #take (payload: Buffer): void {
    const { aggregate, fragment, interleaved } = this.#format
    const type = this.#format.type(payload)
    if (type === fragment) this.#takeFragment(payload)
    else if (type === aggregate) this.#takeAggregate(payload)
    else if (interleaved.has(type) && !this.#units.started) this.#noteInterleaved(type)
    else this.#takeNal(payload)
  }

  #takeNal (nal: Buffer): void {
    if (nal.length < this.#format.headerBytes) this.#lose()
    else this.#nals.push(nal)
  }

  #noteInterleaved (type: number): void {
    if (++this.#interleavedPackets > MAX_INTERLEAVED_PACKETS) throw new CamgateError('BAD_RTP', `${this.#format.name} in interleaved mode, payload type ${type}`)
  }

  #lose (head?: Buffer): void {
    this.#nals.clear()
    this.#units.lose(head)
  }

  /** Each NAL unit follows its size in two bytes. */
  #takeAggregate (payload: Buffer): void {
    for (let at = this.#format.headerBytes; at < payload.length;) {
      const start = at + 2
      if (start > payload.length) return this.#lose()
      at = start + payload.readUInt16BE(at)
      if (at === start) continue // a camera's padding
      if (at > payload.length) return this.#lose()
      this.#takeNal(payload.subarray(start, at))
    }
  }

  /** The payload header is followed by a fragment header: start, end and the NAL unit's type. */
  #takeFragment (payload: Buffer): void {
    const { headerBytes } = this.#format
    if (payload.length <= headerBytes) return this.#lose()
    const flags = payload.readUInt8(headerBytes)
    const part = payload.subarray(headerBytes + 1)
    if ((flags & 0x80) !== 0) {
      this.#nals.begin(Buffer.concat([this.#format.fragmentHeader(payload), part]))
    } else if (this.#nals.open) {
      this.#units.resume()
      this.#nals.append(part)
    } else {
      return this.#lose(this.#format.fragmentHeader(payload)) // its start is missing
    }
    if ((flags & 0x40) !== 0) this.#nals.end()
  }
}
