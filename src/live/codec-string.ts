import { withoutEmulationPrevention } from '../codec/bits.js'

/** RFC 6381 section 3.4: profile, constraints and level of an H.264 sequence parameter set; undefined if it is too short. */
export const h264CodecString = (sps: Buffer): string | undefined => sps.length < 4 ? undefined : `avc1.${sps.toString('hex', 1, 4)}`

/** ISO/IEC 14496-15 annex E: the general profile, tier and level of an H.265 sequence parameter set; undefined if it is too short. */
export function h265CodecString (sps: Buffer): string | undefined {
  const bytes = withoutEmulationPrevention(sps).subarray(3) // the header, and one byte in front of profile_tier_level
  if (bytes.length < 12) return undefined
  const first = bytes.readUInt8(0)
  const space = ['', 'A', 'B', 'C'][first >> 6]!
  const tier = (first & 0x20) !== 0 ? 'H' : 'L'
  const compatibility = reversed(bytes.readUInt32BE(1)).toString(16)
  const constraints = [...bytes.subarray(5, 11)].map(byte => byte.toString(16).toUpperCase())
  while (constraints.at(-1) === '0') constraints.pop()
  return ['hvc1', `${space}${first & 0x1f}`, compatibility.toUpperCase(), `${tier}${bytes.readUInt8(11)}`, ...constraints].join('.')
}

/** The 32 bits in reverse order. */
function reversed (bits: number): number {
  let result = 0
  for (let at = 0; at < 32; at++) result = result * 2 + ((bits >>> at) & 1)
  return result
}
