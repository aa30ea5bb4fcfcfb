import { withoutEmulationPrevention } from './bits.js'

const recoveryPoint = 6
/** Enough for the short messages that encoders put first: a longer one is a user's own data. */
const maxBytes = 1_024

/** Whether decoding may start with the picture behind this SEI: H.264 section 7.3.2.3.1, payload types of annex D. */
export function hasRecoveryPoint (nal: Buffer): boolean {
  const bytes = withoutEmulationPrevention(nal.subarray(0, maxBytes))
  let at = 1
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
    if (type === recoveryPoint) return true
    at += size
  }
  return false
}
