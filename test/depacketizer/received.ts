import { packetizeH264Nal } from '../../src/codec/h264.js'
import type { Depacketized, Depacketizer } from '../../src/depacketizer/depacketizer.js'
import type { RtpPacket } from '../../src/rtp/packet.js'
import type { ReceivedTrack } from '../../src/codec/track.js'

export const trackOf = (codec: ReceivedTrack['codec'], more: Partial<ReceivedTrack> = {}): ReceivedTrack =>
  ({ codec, payloadType: 96, clockRate: 90_000, control: undefined, parameterSets: [], size: undefined, ...more })

export const packet = (payload: Buffer, timestamp: number, marker = false): RtpPacket =>
  ({ payloadType: 96, marker, sequence: 0, timestamp, ssrc: 1, payload })

/** A packet on its way. A `lost` one does not arrive, which leaves a gap in front of the next. */
export type Sent = RtpPacket | 'lost'

/** The packets of one picture's NAL units; the last one has the marker. */
export function packetsOf (codec: 'h264' | 'h265', nals: readonly Buffer[], timestamp: number, maxBytes = 1_400): RtpPacket[] {
  const payloads = nals.flatMap(nal => codec === 'h264' ? packetizeH264Nal(nal, maxBytes) : packetizeH265(nal, maxBytes))
  return payloads.map((payload, index) => packet(payload, timestamp, index === payloads.length - 1))
}

/** RFC 7798 section 4.4.3. */
function packetizeH265 (nal: Buffer, maxBytes: number): Buffer[] {
  if (nal.length <= maxBytes) return [nal]
  const header = Buffer.from([(nal.readUInt8(0) & 0x81) | 49 << 1, nal.readUInt8(1)])
  const payloads: Buffer[] = []
  for (let at = 2; at < nal.length; at += maxBytes - 3) {
    const part = nal.subarray(at, at + maxBytes - 3)
    const flags = (at === 2 ? 0x80 : 0) | (at + part.length === nal.length ? 0x40 : 0) | ((nal.readUInt8(0) >> 1) & 0x3f)
    payloads.push(Buffer.concat([header, Buffer.from([flags]), part]))
  }
  return payloads
}

export function receive (depacketizer: Depacketizer, packets: readonly Sent[]): Depacketized[] {
  let missing = 0
  return packets.flatMap(packet => {
    const before = missing
    missing = packet === 'lost' ? missing + 1 : 0
    return packet === 'lost' ? [] : depacketizer.push(packet, before)
  })
}

export const annexB = (...nals: Buffer[]): Buffer => Buffer.concat(nals.flatMap(nal => [Buffer.from([0, 0, 0, 1]), nal]))
