import { CamgateError } from '../errors.js'

const frameHeaderBytes = 4
/** Of a report without a source; an RTP header is longer. */
const minPacketBytes = 8
const dollar = 0x24
/** What tells a message from anything else: `RTSP/1.0 200`, `ANNOUNCE rtsp:`, `GET_PARAMETER`. */
const message = /^(?:RTSP\/\d\.\d \d|[A-Z_]{2,11} [*/r]|[A-Z_]{12})/i
const messageBytes = 12
/** Bytes of empty lines between two messages, where it is about telling them from anything else. */
const MOST_BLANKS = 4
/** More than two packets of the largest size: what is cut short can hide no more. */
const MAX_SKIPPED = 262_144

/** Leave out `skip` bytes; then there is a message or a packet, or so many bytes are `missing` to tell. */
export interface Step { readonly skip: number, readonly missing?: number }

/**
 * Finds the next packet between the messages where one was cut short or anything else stands between two, as gortsplib, ffmpeg and curl do
 * (bluenviron/gortsplib pull 653, curl/curl pull 10808, scottlamb/moonfire-nvr issue 302): a camera whose connection is full may drop
 * the rest of a packet. Before the first packet nothing is left out.
 */
export class Framing {
  readonly #channels = new Set<number>()
  #skipped = 0

  /** There was a packet on this channel. */
  add (channel: number): void {
    this.#channels.add(channel)
    this.#skipped = 0
  }

  /** @throws {CamgateError} RTSP_FRAMING when there is no packet in too many bytes */
  next (bytes: Buffer): Step {
    if (this.#channels.size === 0 || bytes.length === 0) return { skip: 0 }
    const step = bytes[0] === dollar ? this.#check(bytes) : this.#look(bytes)
    this.#skipped += step.skip
    if (this.#skipped > MAX_SKIPPED) throw new CamgateError('RTSP_FRAMING', brokenOff)
    return step
  }

  /** What follows the packet tells whether it is whole, if that is there already. One that was cut short has swallowed the beginning of others. */
  #check (bytes: Buffer): Step {
    const size = bytes.length < frameHeaderBytes ? Infinity : frameHeaderBytes + bytes.readUInt16BE(2)
    if (bytes.length <= size || beginningOf(bytes.subarray(size)) !== 'nothing') return { skip: 0 }
    const step = this.#find(bytes)
    return step.skip < size ? step : { skip: 0 }
  }

  #look (bytes: Buffer): Step {
    switch (beginningOf(bytes)) {
      case 'message': return { skip: 0 }
      case 'too short': return { skip: 0, missing: messageBytes }
      case 'nothing': return this.#find(bytes)
    }
  }

  /** The first packet behind the first byte, on a known channel, that another packet or a message follows. */
  #find (bytes: Buffer): Step {
    for (let at = bytes.indexOf(dollar, 1); at !== -1; at = bytes.indexOf(dollar, at + 1)) {
      if (bytes.length <= at + frameHeaderBytes) return { skip: at, missing: frameHeaderBytes + 1 }
      const size = frameHeaderBytes + bytes.readUInt16BE(at + 2)
      const isPacket = this.#channels.has(bytes.readUInt8(at + 1)) && size >= frameHeaderBytes + minPacketBytes && bytes.readUInt8(at + frameHeaderBytes) >> 6 === 2
      if (!isPacket) continue
      if (bytes.length < at + size + messageBytes) return { skip: at, missing: size + messageBytes }
      if (beginningOf(bytes.subarray(at + size)) === 'message') return { skip: at }
    }
    return { skip: bytes.length, missing: 1 }
  }
}

function beginningOf (bytes: Buffer): 'message' | 'nothing' | 'too short' {
  let start = 0
  while (start < MOST_BLANKS && (bytes[start] === 13 || bytes[start] === 10)) start++
  if (bytes[start] === dollar) return 'message'
  if (bytes.length - start < messageBytes) return 'too short'
  return message.test(bytes.toString('latin1', start, start + messageBytes)) ? 'message' : 'nothing'
}

const brokenOff = 'a packet broke off halfway, and nothing that follows makes sense. Cameras do that when their network is too slow for them: a lower bit rate, or transport: udp, may help'
