import { randomFillSync, randomInt } from 'node:crypto'
import { payloadOf, stampPicture, type Clip, type ClipPicture } from '../clips/clip.js'
import type { PictureFault } from '../faults/fault.js'
import type { Quirks } from '../faults/quirk.js'
import { RTP_HEADER_BYTES, videoClockRate } from '../rtp/packet.js'
import { FRAME_HEADER_BYTES } from '../rtsp/framing.js'
import { writeSenderReport } from '../rtp/rtcp.js'
import type { Delivery } from './delivery.js'

/** What happened to a picture: `skipped` on purpose (a stall, or no key picture yet), `dropped` because the socket was full. */
export type Sent = 'sent' | 'skipped' | 'dropped' | 'cut'

const REPORT_INTERVAL_MS = 1_000

/** Sends one client its pictures. After a picture that did not fit into the socket, drops everything up to the next key picture. */
export class Player {
  readonly ssrc = randomInt(2 ** 32)
  readonly delivery: Delivery
  #sequence = randomInt(2 ** 16)
  readonly #firstTimestamp = 2 ** 32 + randomInt(2 ** 32) // wraps, and leaves room for earlier times
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
   * @param index keeps counting through all loops
   * @param clip the camera's current clip; a change waits for a key picture
   * @param clockError how many seconds the camera's clock is ahead
   */
  send (index: number, clip: Clip, pictureFault: PictureFault | null, clockError = 0): Sent {
    if (pictureFault === 'stall') return 'skipped'
    const picture = this.#pick(index, clip)
    const keyless = this.#quirks.has('no-key')
    if (keyless && picture.key) return 'skipped'
    const sequence = this.#sequence
    this.#sequence = (sequence + picture.packets.length) & 0xffff // dropped pictures leave a gap, as lost packets do
    if (this.#needsKey && !picture.key && !keyless) return 'skipped'
    this.#needsKey = this.delivery.full
    if (this.#needsKey) return 'dropped'
    const { fps } = clip.track
    const at = (index: number) => this.#firstTimestamp + Math.round((index / fps + clockError) * videoClockRate)
    const stamp = { sequence, timestamp: at(index + picture.shownLater), ssrc: this.ssrc }
    const bytes = stampPicture(picture, this.delivery.channel, stamp, at(index - 1))
    if (pictureFault === 'garbage') for (const packet of picture.packets) randomFillSync(payloadOf(bytes, packet))
    if (pictureFault === 'corrupt') for (const packet of picture.packets) flipSome(payloadOf(bytes, packet))
    this.delivery.send(pictureFault === 'cut' ? bytes.subarray(0, middleOfLastPacket(picture)) : bytes, picture.packets)
    this.#sent.timestamp = at(index)
    this.#sent.packets += picture.packets.length
    this.#sent.octets += bytes.length - picture.packets.length * (FRAME_HEADER_BYTES + RTP_HEADER_BYTES)
    return pictureFault === 'cut' ? 'cut' : 'sent'
  }

  /** Sends a sender report about once a second. `wall` is the last picture's time on the camera's clock, in milliseconds since 1970. */
  report (now: number, wall: number): void {
    if (now - this.#reportedAt < REPORT_INTERVAL_MS) return
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

/** Longer than the headers of all payload formats (RFC 2435's with its tables), and H.264's parameter sets and slice headers. */
const UNDAMAGED_BYTES = 160
const FLIP_INTERVAL_BYTES = 199

/** Flips bits in coded data only: decoders report errors, but still find the next picture. */
function flipSome (payload: Buffer): void {
  for (let at = UNDAMAGED_BYTES; at < payload.length; at += FLIP_INTERVAL_BYTES) payload[at]! ^= 0x55
}

function middleOfLastPacket ({ packets }: ClipPicture): number {
  const { offset, size } = packets.at(-1)!
  return offset + (size >> 1)
}
