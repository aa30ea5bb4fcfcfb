/** A live Matroska stream with one video track: the least that tells ffmpeg each picture's time. RFC 9559, RFC 8794. */

/** The codecs' names from section 5.1.4.1.21 and draft-ietf-cellar-codec. Without a CodecPrivate, NAL units have start codes. */
const CODEC_ID = { h264: 'V_MPEG4/ISO/AVC', h265: 'V_MPEGH/ISO/HEVC', mjpeg: 'V_MJPEG' } as const
/** A length of eight bytes with all bits set: up to the end of the stream. */
const UNKNOWN = Buffer.from('01ffffffffffffff', 'hex')
const TRACK = 1
/** Marks every picture as a key frame, so that ffmpeg does not choose the first picture itself. */
const FLAGS = 0x80

/** The bytes in front of the first picture. Times are in milliseconds. */
export function matroskaOpening (codec: keyof typeof CODEC_ID): Buffer {
  return Buffer.concat([
    element('1a45dfa3', element('4282', 'matroska')), // EBML, DocType
    Buffer.from('18538067', 'hex'), UNKNOWN, // Segment
    element('1549a966', element('2ad7b1', number(1_000_000))), // Info, TimestampScale in nanoseconds
    element('1654ae6b', element('ae', // Tracks, TrackEntry
      element('d7', number(TRACK)), element('73c5', number(TRACK)), element('83', number(1)), // TrackNumber, TrackUID, TrackType video
      element('86', CODEC_ID[codec]))) // CodecID
  ])
}

/** The bytes in front of a picture of this size, with its time: a whole number of milliseconds below 2^48. */
export function matroskaHeader (bytes: number, at: number): Buffer {
  const block = Buffer.concat([Buffer.from('a3', 'hex'), length(4 + bytes), Buffer.from([0x80 | TRACK, 0, 0, FLAGS])]) // SimpleBlock
  const timestamp = element('e7', number(at))
  return Buffer.concat([Buffer.from('1f43b675', 'hex'), length(timestamp.length + block.length + bytes), timestamp, block]) // Cluster
}

function element (id: string, ...content: Array<Buffer | string>): Buffer {
  const whole = Buffer.concat(content.map(part => Buffer.from(part as string)))
  return Buffer.concat([Buffer.from(id, 'hex'), length(whole.length), whole])
}

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  return bytes
}

/** A length in eight bytes, as its first byte announces. */
const length = (value: number): Buffer => Buffer.concat([Buffer.from([1, 0]), number(value)])
