import type { BaselineJpeg } from '../jpeg/baseline.js'

/** RFC 2435 section 3.1.8: the first packet of every picture contains the tables. */
const IN_BAND_TABLES_Q = 255

/**
 * RTP payloads of one picture, RFC 2435 section 3.1. The last one is to be sent with the marker bit.
 * @param maxBytes of one payload, at least 160 so that the tables fit
 */
export function packetizeJpeg (picture: BaselineJpeg, maxBytes: number): Buffer[] {
  const payloads: Buffer[] = []
  for (let at = 0; at === 0 || at < picture.scan.length;) {
    const header = Buffer.concat([
      mainHeader(picture, at),
      restartHeader(picture),
      at === 0 ? quantizationHeader(picture) : Buffer.alloc(0)
    ])
    const part = picture.scan.subarray(at, at + maxBytes - header.length)
    payloads.push(Buffer.concat([header, part]))
    at += Math.max(1, part.length)
  }
  return payloads
}

function mainHeader ({ type, restartInterval, width, height }: BaselineJpeg, fragmentOffset: number): Buffer {
  const header = Buffer.alloc(8)
  header.writeUIntBE(fragmentOffset, 1, 3)
  header.writeUInt8(restartInterval > 0 ? type + 64 : type, 4)
  header.writeUInt8(IN_BAND_TABLES_Q, 5)
  header.writeUInt8(width / 8, 6)
  header.writeUInt8(height / 8, 7)
  return header
}

/** Section 3.1.7, with F, L and the count all set: the receiver must have the whole picture before it decodes. */
function restartHeader ({ restartInterval }: BaselineJpeg): Buffer {
  return restartInterval > 0 ? Buffer.from([restartInterval >> 8, restartInterval & 0xff, 0xff, 0xff]) : Buffer.alloc(0)
}

/** Section 3.1.8, 8-bit precision. */
const quantizationHeader = ({ quantization: [luma, chroma] }: BaselineJpeg): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 128]), luma, chroma])
