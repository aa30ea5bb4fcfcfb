import type { ReportBlock, SenderReport } from './rtcp.js'
import type { RtpStamp } from './packet.js'
import { ahead, isJump } from './sequence.js'

/**
 * A receiver's statistics of one track: RFC 3550 appendices A.1, A.3 and A.8. A source may restart, with another SSRC or a jump in its
 * sequence numbers that a second packet confirms. That does not count as loss.
 */
export class ReceiverStats {
  /** Of all packets from all sources, including late and duplicate ones. */
  bytes = 0
  readonly #clockRate: number
  #source: Source | undefined
  #lostBefore = 0
  #sender: { report: SenderReport, at: number } | undefined

  /** @param clockRate RTP timestamp units per second */
  constructor (clockRate: number) {
    this.#clockRate = clockRate
  }

  /** Packets of all sources that never arrived. */
  get lost (): number {
    return this.#lostBefore + (this.#source ? Math.max(0, lostOf(this.#source)) : 0)
  }

  /** Mean deviation of the packets' spacing, in milliseconds. */
  get jitter (): number {
    return (this.#source?.jitter ?? 0) * 1_000 / this.#clockRate
  }

  /** @param now milliseconds of a clock that never jumps */
  add (packet: RtpStamp, bytes: number, now: number): void {
    this.bytes += bytes
    const source = this.#source
    if (source === undefined || source.ssrc !== packet.ssrc) return this.#begin(packet, now)
    const distance = ahead(packet.sequence, source.highest)
    if (isJump(distance)) {
      if (packet.sequence === source.confirming) return this.#begin(packet, now)
      source.confirming = (packet.sequence + 1) & 0xffff
      return
    }
    source.confirming = undefined
    if (distance > 0) source.highest += distance
    source.received++
    const spacing = (now - source.arrival) * this.#clockRate / 1_000 - ((packet.timestamp - source.timestamp) | 0)
    source.jitter += (Math.abs(spacing) - source.jitter) / 16
    source.arrival = now
    source.timestamp = packet.timestamp
  }

  /** Stores the sender report that the next receiver reports refer to. */
  noteSenderReport (report: SenderReport, now: number): void {
    this.#sender = { report, at: now }
  }

  /** The content of the next receiver report, which covers the time since the previous one; undefined before the first packet. */
  report (now: number): ReportBlock | undefined {
    const source = this.#source
    if (source === undefined) return undefined
    const expected = expectedOf(source)
    const lost = expected - source.expectedBefore - (source.received - source.receivedBefore)
    const fractionLost = lost > 0 ? Math.floor(256 * lost / (expected - source.expectedBefore)) : 0
    source.expectedBefore = expected
    source.receivedBefore = source.received
    const sender = this.#sender?.report.ssrc === source.ssrc ? this.#sender : undefined
    return {
      ssrc: source.ssrc,
      fractionLost,
      lost: lostOf(source),
      highestSequence: source.highest >>> 0,
      jitter: source.jitter,
      lastReport: sender?.report.compactNtp ?? 0,
      sinceLastReport: sender ? (now - sender.at) * 65.536 : 0
    }
  }

  #begin ({ ssrc, sequence, timestamp }: RtpStamp, now: number): void {
    this.#lostBefore = this.lost
    this.#source = {
      ssrc, first: sequence, highest: sequence, received: 1, confirming: undefined, expectedBefore: 0, receivedBefore: 0, jitter: 0, arrival: now, timestamp
    }
  }
}

interface Source {
  ssrc: number
  first: number
  /** The highest sequence number, extended so that it does not wrap. */
  highest: number
  received: number
  /** After a jump: the sequence number with which the next packet confirms it. */
  confirming: number | undefined
  expectedBefore: number
  receivedBefore: number
  /** RTP timestamp units. */
  jitter: number
  arrival: number
  timestamp: number
}

const expectedOf = ({ first, highest }: Source): number => highest - first + 1
const lostOf = (source: Source): number => expectedOf(source) - source.received
