/** What a box is made of: bytes, or numbers that are bytes. */
export type Part = Uint8Array | readonly number[]

export const u16 = (value: number): number[] => [value >>> 8 & 0xff, value & 0xff]
export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value)]
/** Of a whole number below 2^53. */
export const u64 = (value: number): number[] => [...u32(Math.floor(value / 2 ** 32)), ...u32(value % 2 ** 32)]
export const zeros = (count: number): number[] => new Array<number>(count).fill(0)
export const ascii = (text: string): number[] => Array.from(text, letter => letter.charCodeAt(0))

/** A box of ISO/IEC 14496-12, section 4.2: size, type, contents. */
export function box (type: string, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return concat([...u32(parts.reduce((sum, part) => sum + part.length, 8)), ...ascii(type)], ...parts)
}

/** A box with a version and flags. */
export const fullBox = (type: string, version: number, flags: number, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> =>
  box(type, u32(version * 2 ** 24 + flags), ...parts)

export function concat (...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
