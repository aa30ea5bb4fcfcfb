/** The header fields that differ from packet to packet, RFC 3550 section 5.1. `timestamp` is in units of the payload format's clock, 90 kHz for video. */
export interface RtpStamp { sequence: number; timestamp: number; ssrc: number }
export interface RtpKind { payloadType: number; marker: boolean }

export const RTP_HEADER_BYTES = 12
export const videoClockRate = 90_000

/** A packet of version 2 without padding, extension or contributing sources. */
export function rtpPacket ({ payloadType, marker }: RtpKind, stamp: RtpStamp, payload: Buffer): Buffer {
  const packet = Buffer.allocUnsafe(RTP_HEADER_BYTES + payload.length)
  packet.writeUInt8(0x80, 0)
  packet.writeUInt8((marker ? 0x80 : 0) | payloadType, 1)
  stampRtp(packet, 0, stamp)
  payload.copy(packet, RTP_HEADER_BYTES)
  return packet
}

/** Writes the stamp into the packet that starts at `offset`. Numbers wrap. */
export function stampRtp (bytes: Buffer, offset: number, { sequence, timestamp, ssrc }: RtpStamp): void {
  bytes.writeUInt16BE(sequence & 0xffff, offset + 2)
  bytes.writeUInt32BE(timestamp % 0x1_0000_0000, offset + 4)
  bytes.writeUInt32BE(ssrc, offset + 8)
}

export interface RtpPacket extends RtpKind, RtpStamp {
  payload: Buffer
  /** A view of the header extension, including its own header. */
  extension?: Buffer | undefined
}

/** Parses a packet; its payload is a view. Null if the version is not 2, or the lengths do not fit. */
export function parseRtp (bytes: Buffer): RtpPacket | null {
  if (bytes.length < RTP_HEADER_BYTES) return null
  const flags = bytes.readUInt8(0)
  if (flags >> 6 !== 2) return null
  const extensionAt = RTP_HEADER_BYTES + 4 * (flags & 0x0f) // after the contributing sources
  let start = extensionAt
  if ((flags & 0x10) !== 0) { // header extension, section 5.3.1
    if (start + 4 > bytes.length) return null
    start += 4 + 4 * bytes.readUInt16BE(start + 2)
  }
  const padding = (flags & 0x20) !== 0 ? bytes.readUInt8(bytes.length - 1) : 0
  const end = bytes.length - padding
  if (start > end) return null
  const kind = bytes.readUInt8(1)
  return {
    payloadType: kind & 0x7f,
    marker: (kind & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
    extension: start > extensionAt ? bytes.subarray(extensionAt, start) : undefined
  }
}
