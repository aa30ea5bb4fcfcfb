import { randomInt } from 'node:crypto'
import type { Clock } from '../clock.js'
import { RateMeter } from '../frames/rate-meter.js'
import type { Depacketizer } from '../depacketizer/depacketizer.js'
import type { CodedPicture } from '../codec/coded-picture.js'
import { depacketizerOf } from '../depacketizer/depacketizer-of.js'
import { ReceiverStats } from '../rtp/receiver-stats.js'
import type { OrderedPacket, PacketOrder } from '../rtp/reorder.js'
import { parseRtcp, writeReceiverReport, type SenderReport } from '../rtp/rtcp.js'
import { parseRtp } from '../rtp/packet.js'
import type { ReceivedTrack } from '../codec/track.js'
import { BitRate } from '../ingest/bit-rate.js'
import type { ReaderReport } from '../ingest/reader.js'

/** A stream, as far as it is known while it is received. */
export type ReceiverReport = Required<Omit<ReaderReport, 'transport'>>

export interface ReceiverEvents {
  readonly onPicture: (picture: CodedPicture) => void
  /** The packets are invalid or exceed a bound: BAD_RTP. */
  readonly onBroken: (error: Error) => void
}

/** Turns a track's packets into its pictures, in order. */
export class Receiver {
  readonly #track: ReceivedTrack
  readonly #clock: Clock
  readonly #events: ReceiverEvents
  readonly #depacketizer: Depacketizer
  readonly #stats: ReceiverStats
  readonly #order: PacketOrder
  readonly #rate = new RateMeter()
  /** We send no pictures, but need a source of our own in reports. */
  readonly #ssrc = randomInt(2 ** 32)
  #senderReport: { report: SenderReport, at: number } | undefined
  readonly #bitRate: BitRate
  #cancel = () => {}
  #closed = false

  constructor (track: ReceivedTrack, order: PacketOrder, clock: Clock, events: ReceiverEvents) {
    this.#track = track
    this.#clock = clock
    this.#events = events
    this.#depacketizer = depacketizerOf(track)
    this.#stats = new ReceiverStats(track.clockRate)
    this.#order = order
    this.#bitRate = new BitRate(clock.now())
  }

  /** Accepts one packet. Ignores malformed packets and other payload types. */
  rtp (bytes: Buffer): void {
    const packet = parseRtp(bytes)
    if (!packet || packet.payloadType !== this.#track.payloadType) return
    const now = this.#clock.now()
    this.#stats.add(packet, bytes.length, now)
    this.#bitRate.update(this.#stats.bytes, now)
    this.#forward(this.#order.push(packet, now))
  }

  rtcp (bytes: Buffer): void {
    for (const report of parseRtcp(bytes)) {
      this.#senderReport = { report, at: this.#clock.now() }
      this.#stats.noteSenderReport(report, this.#senderReport.at)
    }
  }

  /** An RTCP packet that reports to the camera what we have received from it. */
  receiverReport (): Buffer {
    const block = this.#stats.report(this.#clock.now())
    return writeReceiverReport(this.#ssrc, 'camgate', block ? [block] : [])
  }

  report (): ReceiverReport {
    const now = this.#clock.now()
    const { format, damaged } = this.#depacketizer
    return {
      codec: this.#track.codec,
      profile: format?.profile,
      width: format?.width,
      height: format?.height,
      fps: this.#rate.fps(now),
      bitsPerSecond: this.#bitRate.bitsPerSecond,
      packetsLost: this.#stats.lost,
      picturesDamaged: damaged,
      jitterMs: this.#stats.jitter,
      cameraTime: this.#senderReport?.report.wall === undefined ? undefined : this.#senderReport.report.wall + now - this.#senderReport.at
    }
  }

  /** No picture follows, even if it is called from `onPicture`. */
  close (): void {
    this.#closed = true
    this.#cancel()
  }

  #forward (arrived: OrderedPacket[]): void {
    try {
      for (const { packet, missing } of arrived) {
        for (const picture of this.#depacketizer.push(packet, missing)) {
          if (this.#closed) return
          const at = this.#clock.now()
          this.#rate.count(at)
          this.#events.onPicture(Object.assign(picture, { at }))
        }
      }
    } catch (error) {
      return this.#events.onBroken(error as Error)
    }
    this.#cancel()
    const { dueAt } = this.#order
    if (dueAt !== undefined && !this.#closed) this.#cancel = this.#clock.after(dueAt - this.#clock.now(), () => this.#forward(this.#order.flush(this.#clock.now())))
  }
}
