/** Parts of a JPEG's header that do not fit into RFC 2435's. */
export interface JpegExtension {
  size: { width: number, height: number } | undefined
  /** The JPEG's DHT segments; may be empty. */
  huffman: Buffer
}

const JPEG_PROFILE = 0xffd8
/** The profiles of ONVIF's replay extension. The JPEG extension may follow its three words. */
const REPLAY_PROFILES: readonly number[] = [0xabac, 0xabad]
const HEADER_BYTES = 4
const REPLAY_BYTES = 12

/**
 * Reads JPEG header segments from an RTP header extension: ONVIF Streaming Specification, "JPEG over RTP".
 * Undefined for any other extension.
 */
export function readJpegExtension (extension: Buffer): JpegExtension | undefined {
  if (extension.length < HEADER_BYTES) return undefined
  const profile = extension.readUInt16BE(0)
  if (REPLAY_PROFILES.includes(profile)) return readJpegExtension(extension.subarray(HEADER_BYTES + REPLAY_BYTES))
  return profile === JPEG_PROFILE ? readSegments(extension.subarray(HEADER_BYTES)) : undefined
}

/** 0xFF bytes fill up the last word. */
function readSegments (bytes: Buffer): JpegExtension {
  let size: JpegExtension['size']
  const huffman: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (marker === 0xff) {
      at++
      continue
    }
    if (end > bytes.length || end < at + 4) break
    if ((marker === 0xc0 || marker === 0xc1) && end >= at + 9) size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    if (marker === 0xc4) huffman.push(bytes.subarray(at, end))
    at = end
  }
  return { size: size && size.width > 0 && size.height > 0 ? size : undefined, huffman: Buffer.concat(huffman) }
}
