import { CamgateError } from '../errors.js'
import { AccessUnits } from './access-unit.js'
import type { CodedPicture, Depacketizer, PictureFormat } from './coded-picture.js'
import type { NalPayloadFormat } from './nal-format.js'
import type { RtpPacket } from './rtp.js'

/** H.264 and H.265, whose payload formats are built alike: RFC 6184 section 5, RFC 7798 section 4.4. */
export class NalDepacketizer implements Depacketizer {
  readonly #format: NalPayloadFormat
  readonly #units: AccessUnits

  constructor (format: NalPayloadFormat, parameterSets: readonly Buffer[]) {
    this.#format = format
    this.#units = new AccessUnits(format, parameterSets)
  }

  get damaged (): number {
    return this.#units.damage.count
  }

  get format (): PictureFormat | undefined {
    return this.#units.format
  }

  push ({ payload, timestamp, marker }: RtpPacket, missing: number): CodedPicture[] {
    this.#units.beginPacket(timestamp, missing)
    if (payload.length > 0) this.#take(payload)
    return this.#units.endPacket(marker)
  }

  #take (payload: Buffer): void {
    const { name, aggregate, fragment, interleaved } = this.#format
    const type = this.#format.type(payload)
    if (type === fragment) this.#takeFragment(payload)
    else if (type === aggregate) this.#takeAggregate(payload)
    else if (interleaved.has(type)) throw new CamgateError('BAD_RTP', `${name} in interleaved mode, payload type ${type}`)
    else if (this.#isNalUnit(payload)) this.#units.push(payload)
    else this.#units.lose()
  }

  #isNalUnit (head: Buffer): boolean {
    const type = this.#format.type(head)
    return head.length >= this.#format.headerBytes && type >= this.#format.firstSingle && type < this.#format.aggregate
  }

  /** Each NAL unit has its size in front, in two bytes. */
  #takeAggregate (payload: Buffer): void {
    for (let at = this.#format.headerBytes; at < payload.length;) {
      const start = at + 2
      if (start > payload.length) return this.#units.lose()
      at = start + payload.readUInt16BE(at)
      if (at === start) continue // a camera's padding
      const nal = payload.subarray(start, at)
      if (at > payload.length || !this.#isNalUnit(nal)) return this.#units.lose()
      this.#units.push(nal)
    }
  }

  /** Behind the payload's header stands another one: start, end and the NAL unit's type. */
  #takeFragment (payload: Buffer): void {
    const { headerBytes } = this.#format
    if (payload.length <= headerBytes) return this.#units.lose()
    const flags = payload.readUInt8(headerBytes)
    if ((flags & 0x80) !== 0) {
      const head = this.#format.fragmentHead(payload)
      if (!this.#isNalUnit(head)) return this.#units.lose()
      this.#units.begin(head)
      this.#units.append(head.subarray(0, headerBytes), 0)
    } else if (!this.#units.open) {
      return this.#units.lose(this.#format.fragmentHead(payload)) // its start is missing
    }
    this.#units.append(payload, headerBytes + 1)
    if ((flags & 0x40) !== 0) this.#units.endNal()
  }
}
