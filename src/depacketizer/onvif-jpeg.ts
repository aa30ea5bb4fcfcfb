/** What a JPEG's own header says and RFC 2435 has no room for. */
export interface JpegExtension {
  size: { width: number, height: number } | undefined
  /** DHT segments as they stand in the JPEG; empty if there are none. */
  huffman: Buffer
}

const jpegProfile = 0xffd8
/** That of ONVIF's replay; the other one may follow its three words. */
const replayProfiles: readonly number[] = [0xabac, 0xabad]
const headerBytes = 4
const replayBytes = 12

/**
 * Reads the segments of a JPEG's header that a camera sends in an RTP header extension: ONVIF Streaming Specification, "JPEG over RTP".
 * Undefined if it is another extension.
 */
export function readJpegExtension (extension: Buffer): JpegExtension | undefined {
  if (extension.length < headerBytes) return undefined
  const profile = extension.readUInt16BE(0)
  if (replayProfiles.includes(profile)) return readJpegExtension(extension.subarray(headerBytes + replayBytes))
  return profile === jpegProfile ? readSegments(extension.subarray(headerBytes)) : undefined
}

/** Bytes of 0xff fill the last word. */
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
