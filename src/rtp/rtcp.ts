/** A camera's report on its own stream, RFC 3550 section 6.4.1. */
export interface SenderReport {
  ssrc: number
  /** The camera's clock, in milliseconds since 1970; undefined if it has none. */
  wall: number | undefined
  /** The RTP timestamp of that moment. */
  timestamp: number
  /** The middle 32 bits of its NTP time, with which a receiver report refers to this one. */
  compactNtp: number
}

/** A report to send: RTP's `timestamp` is `wall` on the sender's clock, and `packets` and `octets` have been sent so far. */
export interface SentReport {
  ssrc: number
  /** Milliseconds since 1970. */
  wall: number
  timestamp: number
  packets: number
  /** Bytes of payloads. */
  octets: number
}

/** A receiver's report on one source, RFC 3550 section 6.4.1. */
export interface ReportBlock {
  ssrc: number
  /** Since the last report, in 1/256. */
  fractionLost: number
  /** Since the source began; negative if packets were duplicated. */
  lost: number
  /** With the number of cycles in its upper 16 bits. */
  highestSequence: number
  /** RTP timestamp units. */
  jitter: number
  lastReport: number
  /** In 1/65536 s. */
  sinceLastReport: number
}

const types = { sender: 200, receiver: 201, description: 202 } as const
const cnameItem = 1
const ntpOf1970 = 2_208_988_800

/** The sender reports of a compound packet; empty if its lengths do not fit. */
export function parseRtcp (bytes: Buffer): SenderReport[] {
  const found: SenderReport[] = []
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length || bytes.readUInt8(at) >> 6 !== 2) return []
    const end = at + 4 + 4 * bytes.readUInt16BE(at + 2)
    if (end > bytes.length) return []
    const packet = bytes.subarray(at, end)
    const type = bytes.readUInt8(at + 1)
    if (type === types.sender && packet.length >= 28) found.push(senderReport(packet))
    at = end
  }
  return found
}

function senderReport (packet: Buffer): SenderReport {
  const seconds = packet.readUInt32BE(8)
  const fraction = packet.readUInt32BE(12) / 2 ** 32
  return {
    ssrc: packet.readUInt32BE(4),
    // Cameras without a clock send 0 or their uptime. From 2036 on, NTP time has such small numbers again.
    wall: seconds < 2 ** 31 ? undefined : (seconds - ntpOf1970 + fraction) * 1_000,
    timestamp: packet.readUInt32BE(16),
    compactNtp: packet.readUInt32BE(10)
  }
}

/** A sender report and the sender's name. Numbers wrap. */
export function writeSenderReport ({ ssrc, wall, timestamp, packets, octets }: SentReport, cname: string): Buffer {
  const seconds = Math.floor(wall / 1_000)
  const fraction = Math.floor((wall / 1_000 - seconds) * 2 ** 32)
  const body = Buffer.alloc(20)
  const values = [seconds + ntpOf1970, fraction, timestamp, packets, octets]
  values.forEach((value, index) => body.writeUInt32BE(value % 2 ** 32, 4 * index))
  return Buffer.concat([rtcpPacket(types.sender, ssrc, 0, [body]), sourceDescription(ssrc, cname)])
}

/** A receiver report and, as section 6.1 demands, the sender's name, of at most 255 bytes. */
export function writeReceiverReport (ssrc: number, cname: string, blocks: readonly ReportBlock[]): Buffer {
  return Buffer.concat([rtcpPacket(types.receiver, ssrc, blocks.length, blocks.map(reportBlock)), sourceDescription(ssrc, cname)])
}

function reportBlock (block: ReportBlock): Buffer {
  const bytes = Buffer.alloc(24)
  bytes.writeUInt32BE(block.ssrc, 0)
  bytes.writeUInt8(block.fractionLost, 4)
  bytes.writeIntBE(Math.max(-0x80_0000, Math.min(0x7f_ffff, block.lost)), 5, 3)
  bytes.writeUInt32BE(block.highestSequence >>> 0, 8)
  bytes.writeUInt32BE(Math.min(0xffff_ffff, Math.floor(block.jitter)), 12)
  bytes.writeUInt32BE(block.lastReport, 16)
  bytes.writeUInt32BE(Math.min(0xffff_ffff, Math.round(block.sinceLastReport)), 20)
  return bytes
}

/** Section 6.5: a zero ends the items, and more zeros fill the word. */
function sourceDescription (ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname)
  const item = Buffer.alloc(4 * Math.ceil((2 + name.length + 1) / 4))
  item.writeUInt8(cnameItem, 0)
  item.writeUInt8(name.length, 1)
  name.copy(item, 2)
  return rtcpPacket(types.description, ssrc, 1, [item])
}

function rtcpPacket (type: number, ssrc: number, count: number, parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8)
  const packet = Buffer.concat([header, ...parts])
  packet.writeUInt8(0x80 | count, 0)
  packet.writeUInt8(type, 1)
  packet.writeUInt16BE(packet.length / 4 - 1, 2)
  packet.writeUInt32BE(ssrc, 4)
  return packet
}
