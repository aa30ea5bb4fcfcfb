import { BitReader } from '../bits.js'

/** Writes the syntax elements of a parameter set. */
export class BitWriter {
  readonly #bytes: number[] = []
  #length = 0

  /** The first `count` bits of `bytes`. */
  copy (bytes: Buffer, count: number): void {
    const reader = new BitReader(bytes)
    for (let at = 0; at < count; at++) this.flag(reader.flag())
  }

  flag (set: boolean): void {
    const bit = this.#length++ & 7
    if (bit === 0) this.#bytes.push(0)
    if (set) this.#bytes[this.#bytes.length - 1]! |= 0x80 >> bit
  }

  /** ue(v). */
  unsigned (value: number): void {
    const binary = (value + 1).toString(2)
    for (const digit of binary.padStart(2 * binary.length - 1, '0')) this.flag(digit === '1')
  }

  /** The NAL unit, with rbsp_trailing_bits and emulation prevention bytes. */
  toNal (): Buffer {
    this.flag(true)
    const escaped: number[] = []
    let zeros = 0
    for (const byte of this.#bytes) {
      if (zeros === 2 && byte <= 3) {
        escaped.push(3)
        zeros = 0
      }
      escaped.push(byte)
      zeros = byte === 0 ? zeros + 1 : 0
    }
    return Buffer.from(escaped)
  }
}
