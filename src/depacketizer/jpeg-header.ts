import type { BaselineJpeg } from '../jpeg/baseline.js'
import { standardHuffmanSegment } from '../jpeg/huffman.js'

const scan = segment(0xda, Buffer.from('03010002110311003f00', 'hex'))

/** Writes a baseline JPEG's header from SOI to SOS, which RFC 2435 does not carry, with the standard Huffman tables or `ownHuffman`. */
export function jpegHeader (picture: Omit<BaselineJpeg, 'scan' | 'size'>, ownHuffman?: Buffer): Buffer {
  const { quantization: [luma, chroma], restartInterval } = picture
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, Buffer.concat([Buffer.from([0]), luma, Buffer.from([1]), chroma])),
    segment(0xc0, frame(picture)),
    ownHuffman?.length ? ownHuffman : standardHuffmanSegment,
    restartInterval > 0 ? segment(0xdd, Buffer.from([restartInterval >> 8, restartInterval & 0xff])) : Buffer.alloc(0),
    scan
  ])
}

/** Baseline, three components. JFIF's component ids let decoders distinguish YCbCr from RGB. */
function frame ({ width, height, type }: { width: number, height: number, type: 0 | 1 }): Buffer {
  const body = Buffer.from([8, 0, 0, 0, 0, 3, 1, type === 0 ? 0x21 : 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
  body.writeUInt16BE(height, 1)
  body.writeUInt16BE(width, 3)
  return body
}

function segment (marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}
