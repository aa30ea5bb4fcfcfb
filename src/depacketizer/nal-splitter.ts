import type { AccessUnits } from './access-units.js'
import type { NalPayloadFormat } from '../codec/nal-format.js'

const startCode = Buffer.from([0, 0, 1])
const none = Buffer.alloc(0)
/** The bytes after the header that show what kind of NAL unit begins. */
const HEAD_BYTES_AFTER_HEADER = 6
/** Zeros in front of a start code belong to neither NAL unit. If a chunk ends in more zeros, the first NAL unit keeps some, as Annex B allows. */
const MAX_HELD_ZEROS = 16

/**
 * Passes NAL units on in chunks, as they arrive. Some cameras send a piece of an Annex B byte stream, several NAL units with start codes
 * between them, as one NAL unit. It is split there, since no NAL unit contains a start code (H.264 and H.265, section 7.4.1).
 */
export class NalSplitter {
  readonly #format: NalPayloadFormat
  readonly #units: AccessUnits
  /** The last bytes, if they may be part of a start code, or are too few to show what kind of NAL unit begins. */
  #held: Buffer = none
  #open = false
  /** Whether the head of the current NAL unit is known. */
  #begun = false
  /** Whether its type is vendor-specific, so that it may contain anything. */
  #opaque = false

  constructor (format: NalPayloadFormat, units: AccessUnits) {
    this.#format = format
    this.#units = units
  }

  /** Whether there is a NAL unit to continue. */
  get open (): boolean {
    return this.#open
  }

  /** Accepts a whole NAL unit. */
  push (nal: Buffer): void {
    this.begin(nal)
    this.end()
  }

  /** Begins a NAL unit with its first bytes. Ends an open one: some cameras forget the end bit. */
  begin (bytes: Buffer): void {
    if (this.#open) this.end()
    this.#open = true
    this.#opaque = this.#format.isForeign(bytes) && !/^0000(00)?01/.test(bytes.toString('hex', 0, 4))
    this.append(bytes)
  }

  append (bytes: Buffer): void {
    if (this.#opaque) return this.#take(bytes)
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes
    for (let at = rest.indexOf(startCode); at !== -1; at = rest.indexOf(startCode)) {
      this.#take(rest.subarray(0, at - zerosAtEnd(rest.subarray(0, at), Infinity)))
      this.#endUnit()
      rest = rest.subarray(at + startCode.length)
    }
    const sure = rest.length - zerosAtEnd(rest, MAX_HELD_ZEROS)
    const taken = this.#begun || sure >= this.#format.headerBytes + HEAD_BYTES_AFTER_HEADER ? sure : 0
    if (taken === rest.length) {
      this.#held = none
      this.#take(rest)
    } else {
      this.#held = Buffer.from(rest.subarray(taken)) // a view would be valid only now, and keep the whole packet
      this.#take(rest.subarray(0, taken))
    }
  }

  end (): void {
    this.#take(this.#held)
    this.#endUnit()
    this.clear()
  }

  /** Drops the current NAL unit. */
  clear (): void {
    this.#held = none
    this.#open = this.#begun = this.#opaque = false
  }

  #take (bytes: Buffer): void {
    if (bytes.length === 0) return
    if (!this.#begun) {
      if (this.#isHeadless(bytes)) return
      this.#begun = true
      this.#units.begin(bytes)
    }
    this.#units.append(bytes)
  }

  /** Whether nothing follows the header of a slice or parameter set, because its content began with a start code. */
  #isHeadless (bytes: Buffer): boolean {
    const { headerBytes, type, isSlice, parameterSets } = this.#format
    return bytes.length < headerBytes || (bytes.length === headerBytes && (isSlice(bytes) || parameterSets.includes(type(bytes))))
  }

  #endUnit (): void {
    if (this.#begun) this.#units.endNal()
    this.#begun = false
  }
}

function zerosAtEnd (bytes: Buffer, max: number): number {
  let count = 0
  while (count < max && count < bytes.length && bytes[bytes.length - 1 - count] === 0) count++
  return count
}
