/** A NAL unit without its emulation prevention bytes: H.264 and H.265, section 7.3.1.1. */
export function rbsp (nal: Uint8Array): Uint8Array {
  return nal.filter((byte, at) => !(byte === 3 && nal[at - 1] === 0 && nal[at - 2] === 0))
}

/** Reads single bits and ue(v), section 9.1 of H.264, from a bit of these bytes on. Past the end everything is 0. */
export function bitReader (bytes: Uint8Array, from: number) {
  let at = from
  const bit = (): number => {
    const value = (bytes[at >> 3] ?? 0) >> (7 - (at & 7)) & 1
    at++
    return value
  }
  return {
    bit,
    unsigned (): number {
      let leading = 0
      while (leading < 32 && bit() === 0) leading++
      let value = 1
      for (let left = leading; left > 0; left--) value = value * 2 + bit()
      return value - 1
    }
  }
}
