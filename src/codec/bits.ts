const emulationPrevention = Buffer.from([0, 0, 3])

/** Removes a NAL unit's emulation prevention bytes: H.264 and H.265, section 7.3.1.1. */
export function withoutEmulationPrevention (nal: Buffer): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (let at = nal.indexOf(emulationPrevention); at !== -1; at = nal.indexOf(emulationPrevention, from)) {
    parts.push(nal.subarray(from, at + 2))
    from = at + 3
  }
  return from === 0 ? nal : Buffer.concat([...parts, nal.subarray(from)])
}

/** Reads the syntax elements of parameter sets. Past the end it returns zeros and sets `broken`, so that one check at the end is enough. */
export class BitReader {
  /** Whether it read past the end, or a number was longer than allowed. */
  broken = false

  readonly #bytes: Buffer
  #at: number

  constructor (bytes: Buffer, fromByte = 0) {
    this.#bytes = bytes
    this.#at = fromByte * 8
  }

  /** How many bits precede the next one. */
  get position (): number { return this.#at }

  /** Whether only rbsp_trailing_bits follow, and zero bytes: section 7.3.2.11. */
  get isAtTrailingBits (): boolean {
    const rest = new BitReader(this.#bytes)
    rest.skip(this.#at)
    if (!rest.flag()) return false
    while (rest.position < this.#bytes.length * 8) if (rest.flag()) return false
    return true
  }

  skip (count: number): void {
    this.#at += count
    this.broken ||= this.#at > this.#bytes.length * 8
  }

  flag (): boolean {
    return this.bits(1) === 1
  }

  /** u(n), at most 32. */
  bits (count: number): number {
    let value = 0
    for (let at = this.#at; at < this.#at + count; at++) value = value * 2 + ((this.#bytes[at >> 3] ?? 0) >> (7 - (at & 7)) & 1)
    this.skip(count)
    return value
  }

  /** ue(v), section 9.1 of H.264 and 9.2 of H.265. */
  unsigned (): number {
    let zeros = 0
    while (!this.broken && !this.flag()) zeros++
    this.broken ||= zeros > 31
    return this.broken ? 0 : 2 ** zeros - 1 + this.bits(zeros)
  }

  /** se(v). */
  signed (): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
}

/** More than enough for the ids of a slice or parameter set. */
const MAX_ID_BYTES = 32

/** The `index`th ue(v), from 0, after a NAL unit's header; undefined if the NAL unit is too short. */
export function unsignedAt (nal: Buffer, headerBytes: number, index: number): number | undefined {
  const bits = new BitReader(withoutEmulationPrevention(nal.subarray(0, MAX_ID_BYTES)), headerBytes)
  for (let at = 0; at < index; at++) bits.unsigned()
  const value = bits.unsigned()
  return bits.broken ? undefined : value
}
