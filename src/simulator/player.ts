import { randomFillSync, randomInt } from 'node:crypto'
import { rtpHeaderBytes, videoClockRate } from '../rtp/packet.js'
import { writeSenderReport } from '../rtp/rtcp.js'
import { frameBytes, payloadOf, stampPicture, type Clip, type ClipPicture } from '../clips/clip.js'
import type { Delivery } from './delivery.js'
import type { PictureFault } from '../faults/fault.js'
import type { Quirks } from '../faults/quirk.js'

/** What became of a picture: `skipped` by intent (a stall, or no key picture yet), `dropped` for want of room. */
export type Sent = 'sent' | 'skipped' | 'dropped' | 'cut'

const reportEveryMs = 1_000

/** Sends one client its pictures. A picture that does not fit is lost, and with it those up to the next key picture. */
export class Player {
  readonly ssrc = randomInt(2 ** 32)
  readonly delivery: Delivery
  #sequence = randomInt(2 ** 16)
  readonly #firstTimestamp = 2 ** 32 + randomInt(2 ** 32) // it wraps; and there is time before it
  readonly #sent = { timestamp: 0, packets: 0, octets: 0 }
  #reportedAt = -Infinity
  #clip: Clip
  readonly #quirks: Quirks
  #needsKey: boolean

  constructor (clip: Clip, delivery: Delivery, quirks: Quirks = new Set()) {
    this.#clip = clip
    this.delivery = delivery
    this.#quirks = quirks
    this.#needsKey = !quirks.has('no-key-first')
  }

  /**
   * @param index counts on through all loops
   * @param clip what the camera shows now; a change waits for a key picture
   * @param clockError seconds that the camera's clock is ahead
   */
  send (index: number, clip: Clip, spoiling: PictureFault | null, clockError = 0): Sent {
    if (spoiling === 'stall') return 'skipped'
    const picture = this.#pick(index, clip)
    const keyless = this.#quirks.has('no-key')
    if (keyless && picture.key) return 'skipped'
    const sequence = this.#sequence
    this.#sequence = (sequence + picture.packets.length) & 0xffff // pictures that get lost leave a gap, as packets do
    if (this.#needsKey && !picture.key && !keyless) return 'skipped'
    this.#needsKey = this.delivery.full
    if (this.#needsKey) return 'dropped'
    const { fps } = clip.track
    const at = (index: number) => this.#firstTimestamp + Math.round((index / fps + clockError) * videoClockRate)
    const stamp = { sequence, timestamp: at(index + picture.shownLater), ssrc: this.ssrc }
    const bytes = stampPicture(picture, this.delivery.channel, stamp, at(index - 1))
    if (spoiling === 'garbage') for (const packet of picture.packets) randomFillSync(payloadOf(bytes, packet))
    if (spoiling === 'corrupt') for (const packet of picture.packets) flipSome(payloadOf(bytes, packet))
    this.delivery.send(spoiling === 'cut' ? bytes.subarray(0, middleOfLastPacket(picture)) : bytes, picture.packets)
    this.#sent.timestamp = at(index)
    this.#sent.packets += picture.packets.length
    this.#sent.octets += bytes.length - picture.packets.length * (frameBytes + rtpHeaderBytes)
    return spoiling === 'cut' ? 'cut' : 'sent'
  }

  /** Tells about once a second the time of the last picture: `wall` on the camera's clock, in milliseconds since 1970. */
  report (now: number, wall: number): void {
    if (now - this.#reportedAt < reportEveryMs) return
    this.#reportedAt = now
    this.delivery.report(writeSenderReport({ ssrc: this.ssrc, wall, ...this.#sent }, 'camgate simulator'))
  }

  #pick (index: number, clip: Clip): ClipPicture {
    const next = pictureAt(clip, index)
    if (next.key) this.#clip = clip
    return pictureAt(this.#clip, index)
  }
}

export const pictureAt = ({ pictures }: Clip, index: number): ClipPicture => pictures[index % pictures.length]!

/** The headers of all payload formats (RFC 2435's with its tables), H.264's parameter sets and its slice headers are shorter. */
const headersEnd = 160
const flippedEvery = 199

/** Only what is coded: decoders complain, and know where the next picture begins. */
function flipSome (payload: Buffer): void {
  for (let at = headersEnd; at < payload.length; at += flippedEvery) payload[at]! ^= 0x55
}

function middleOfLastPacket ({ packets }: ClipPicture): number {
  const { offset, size } = packets.at(-1)!
  return offset + (size >> 1)
}
