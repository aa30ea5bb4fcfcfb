/** What a sender says of its stream, RFC 3550 section 6.4.1: that `timestamp` in its packets is `wall` on its clock, and what it has sent so far. */
export interface SenderReport {
  ssrc: number
  /** Milliseconds since 1970. */
  wall: number
  /** Counts the payload format's clock. */
  timestamp: number
  packets: number
  /** Of payloads. */
  octets: number
}

const senderReport = 200
const sourceDescription = 202
const secondsFrom1900To1970 = 2_208_988_800

/** An RTCP packet of a report and the CNAME that has to follow it, section 6.1. Numbers wrap as RTP's do. */
export function writeSenderReport ({ ssrc, wall, timestamp, packets, octets }: SenderReport, cname: string): Buffer {
  const report = Buffer.alloc(28)
  writeHeader(report, 0, senderReport)
  const seconds = Math.floor(wall / 1_000)
  const fraction = Math.floor((wall / 1_000 - seconds) * 2 ** 32)
  const values = [ssrc, seconds + secondsFrom1900To1970, fraction, timestamp, packets, octets]
  values.forEach((value, index) => report.writeUInt32BE(value % 2 ** 32, 4 + index * 4))
  return Buffer.concat([report, describeSource(ssrc, cname)])
}

/** Section 6.5: one source, one item, and zeros up to a whole word. */
function describeSource (ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname)
  const description = Buffer.alloc(Math.ceil((8 + 2 + name.length + 1) / 4) * 4)
  writeHeader(description, 1, sourceDescription)
  description.writeUInt32BE(ssrc, 4)
  description.writeUInt8(1, 8)
  description.writeUInt8(name.length, 9)
  name.copy(description, 10)
  return description
}

function writeHeader (packet: Buffer, count: number, type: number): void {
  packet.writeUInt8(0x80 | count, 0)
  packet.writeUInt8(type, 1)
  packet.writeUInt16BE(packet.length / 4 - 1, 2)
}
