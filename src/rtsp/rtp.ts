/** What changes from packet to packet, RFC 3550 section 5.1. `timestamp` counts the payload format's clock, 90 kHz for video. */
export interface RtpStamp { sequence: number; timestamp: number; ssrc: number }
export interface RtpKind { payloadType: number; marker: boolean }

export const rtpHeaderBytes = 12
export const videoClockRate = 90_000

/** A packet of version 2 without padding, extension or contributing sources. */
export function rtpPacket ({ payloadType, marker }: RtpKind, stamp: RtpStamp, payload: Buffer): Buffer {
  const packet = Buffer.allocUnsafe(rtpHeaderBytes + payload.length)
  packet.writeUInt8(0x80, 0)
  packet.writeUInt8((marker ? 0x80 : 0) | payloadType, 1)
  stampRtp(packet, 0, stamp)
  payload.copy(packet, rtpHeaderBytes)
  return packet
}

/** Writes the stamp into the packet that starts at `offset`; numbers wrap as RTP's do. */
export function stampRtp (bytes: Buffer, offset: number, { sequence, timestamp, ssrc }: RtpStamp): void {
  bytes.writeUInt16BE(sequence & 0xffff, offset + 2)
  bytes.writeUInt32BE(timestamp % 0x1_0000_0000, offset + 4)
  bytes.writeUInt32BE(ssrc, offset + 8)
}
