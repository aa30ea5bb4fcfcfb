import { CamgateError } from '../errors.js'

/** The header of an interleaved packet, RFC 2326 section 10.12: `$`, channel and length. */
export const FRAME_HEADER_BYTES = 4
/** An RTCP report without a source; an RTP header is longer. */
const MIN_PACKET_BYTES = 8
const DOLLAR = 0x24
/** The beginning of a message: `RTSP/1.0 200`, `ANNOUNCE rtsp:`, `GET_PARAMETER`. */
const MESSAGE = /^(?:RTSP\/\d\.\d \d|[A-Z_]{2,11} [*/r]|[A-Z_]{12})/i
/** `MESSAGE` needs this many. */
const MESSAGE_BYTES = 12
/** Line breaks that are accepted between two messages. */
const MAX_BLANK_BYTES = 4
/** More than two packets of the largest size: a packet that was cut short can hide at most one other. */
const MAX_SKIPPED_BYTES = 262_144

/** Skip `skip` bytes; a message or packet follows, or at least `missing` bytes are needed to decide. */
export interface Step { readonly skip: number, readonly missing?: number }

const IN_PLACE: Step = { skip: 0 }

/**
 * Finds the next packet or message after a packet that was cut short, and after other bytes that belong to neither, as gortsplib, ffmpeg and curl do
 * (bluenviron/gortsplib pull 653, curl/curl pull 10808, scottlamb/moonfire-nvr issue 302): a camera whose connection is full may drop
 * the rest of a packet. Skips nothing before the first packet.
 */
export class Framing {
  readonly #channels = new Set<number>()
  #skipped = 0

  /** Records that a packet came on this channel. */
  add (channel: number): void {
    this.#channels.add(channel)
    this.#skipped = 0
  }

  /**
   * What to do with the bytes from `start` on.
   * @throws {CamgateError} RTSP_FRAMING if nothing was found in MAX_SKIPPED_BYTES
   */
  next (bytes: Buffer, start: number): Step {
    if (this.#channels.size === 0 || bytes.length === start) return IN_PLACE
    const step = bytes[start] === DOLLAR ? this.#checkPacket(bytes, start) : this.#checkMessage(bytes, start)
    this.#skipped += step.skip
    if (this.#skipped > MAX_SKIPPED_BYTES) throw new CamgateError('RTSP_FRAMING', CUT_SHORT)
    return step
  }

  /** Checks a packet by the bytes after it, if they have arrived: one that was cut short contains the beginning of others. */
  #checkPacket (bytes: Buffer, start: number): Step {
    const size = bytes.length < start + FRAME_HEADER_BYTES ? Infinity : FRAME_HEADER_BYTES + bytes.readUInt16BE(start + 2)
    if (bytes.length <= start + size || beginningOf(bytes, start + size) !== 'nothing') return IN_PLACE
    const step = this.#find(bytes.subarray(start))
    return step.skip < size ? step : IN_PLACE
  }

  #checkMessage (bytes: Buffer, start: number): Step {
    switch (beginningOf(bytes, start)) {
      case 'message': return IN_PLACE
      case 'too short': return { skip: 0, missing: MESSAGE_BYTES }
      case 'nothing': return this.#find(bytes.subarray(start))
    }
  }

  /** The first packet after the first byte that is on a known channel and followed by another packet or a message. */
  #find (bytes: Buffer): Step {
    for (let at = bytes.indexOf(DOLLAR, 1); at !== -1; at = bytes.indexOf(DOLLAR, at + 1)) {
      if (bytes.length <= at + FRAME_HEADER_BYTES) return { skip: at, missing: FRAME_HEADER_BYTES + 1 }
      const size = FRAME_HEADER_BYTES + bytes.readUInt16BE(at + 2)
      const isPacket = this.#channels.has(bytes.readUInt8(at + 1)) && size >= FRAME_HEADER_BYTES + MIN_PACKET_BYTES && bytes.readUInt8(at + FRAME_HEADER_BYTES) >> 6 === 2
      if (!isPacket) continue
      if (bytes.length < at + size + MESSAGE_BYTES) return { skip: at, missing: size + MESSAGE_BYTES }
      if (beginningOf(bytes, at + size) === 'message') return { skip: at }
    }
    return { skip: bytes.length, missing: 1 }
  }
}

function beginningOf (bytes: Buffer, from: number): 'message' | 'nothing' | 'too short' {
  let start = from
  while (start < from + MAX_BLANK_BYTES && (bytes[start] === 13 || bytes[start] === 10)) start++
  if (bytes[start] === DOLLAR) return 'message'
  if (bytes.length - start < MESSAGE_BYTES) return 'too short'
  return MESSAGE.test(bytes.toString('latin1', start, start + MESSAGE_BYTES)) ? 'message' : 'nothing'
}

const CUT_SHORT = 'a packet broke off halfway, and nothing that follows makes sense. Cameras do that when their network is too slow for them: a lower bit rate, or transport: udp, may help'
