import { BitReader, withoutEmulationPrevention } from './bits.js'

const recoveryPoint = 6
/** Enough for the short messages that encoders put first. Longer ones are user data. */
const MAX_SEARCHED_BYTES = 1_024

/**
 * The payload of an SEI NAL unit's recovery point message; undefined if it has none.
 * H.264 section 7.3.2.3.1 and H.265 section 7.3.5, payload types of annex D.
 */
export function recoveryPointIn (nal: Buffer, headerBytes: number): BitReader | undefined {
  const bytes = withoutEmulationPrevention(nal.subarray(0, MAX_SEARCHED_BYTES))
  let at = headerBytes
  const number = () => {
    let value = 0
    while (bytes[at] === 0xff) {
      value += 0xff
      at++
    }
    return value + (bytes[at++] ?? 0)
  }
  while (at + 1 < bytes.length) {
    const type = number()
    const size = number()
    if (type === recoveryPoint) return new BitReader(bytes, at)
    at += size
  }
  return undefined
}
