import type { Quirks } from '../faults/quirk.js'
import type { Delivery } from './delivery.js'

/** Takes a packet and returns those that arrive, in order: none, or also packets that were delayed before. */
export type Impairment = (packet: Buffer) => Buffer[]

const LOSS_INTERVAL_PACKETS = 97
const SWAP_INTERVAL_PACKETS = 10

export function losing (): Impairment {
  let count = 0
  return packet => ++count % LOSS_INTERVAL_PACKETS === 0 ? [] : [packet]
}

/** Occasionally cuts a packet short, and the next one follows at once: the camera did not finish a write on a full connection. */
export function cutting (): Impairment {
  let count = 0
  return packet => [++count % LOSS_INTERVAL_PACKETS === 0 ? packet.subarray(0, packet.length / 2) : packet]
}

/** Occasionally swaps two packets. */
export function swapping (): Impairment {
  let count = 0
  let held: Buffer | null = null
  return packet => {
    if (held) {
      const overtaken = held
      held = null
      return [packet, overtaken]
    }
    if (++count % SWAP_INTERVAL_PACKETS !== 0) return [packet]
    held = packet
    return []
  }
}

/** The same delivery, with the impairment applied to every packet. */
export function withImpairment (delivery: Delivery, impair: Impairment): Delivery {
  return {
    channel: delivery.channel,
    get full () { return delivery.full },
    send (bytes, packets) {
      const arriving = packets.flatMap(({ offset, size }) => impair(bytes.subarray(offset, offset + size)))
      let end = 0
      delivery.send(Buffer.concat(arriving), arriving.map(({ length: size }) => ({ offset: (end += size) - size, size })))
    },
    report (rtcp) { delivery.report(rtcp) },
    close () { delivery.close() }
  }
}

/** The delivery with the impairments that the camera's quirks call for. */
export function impaired (delivery: Delivery, quirks: Quirks, kind: 'tcp' | 'udp'): Delivery {
  const impairments = [
    ...kind === 'udp' && quirks.has('reordered') ? [swapping()] : [],
    ...quirks.has('lossy') ? [losing()] : [],
    ...kind === 'tcp' && quirks.has('cut-packets') ? [cutting()] : []
  ]
  return impairments.reduce(withImpairment, delivery)
}
