import type { Delivery } from './delivery.js'

/** What arrives of a packet that sets out, in this order; nothing, or others that were held up, are possible. */
export type Impairment = (packet: Buffer) => Buffer[]

const lostEvery = 97
const swappedEvery = 10

export function losing (): Impairment {
  let count = 0
  return packet => ++count % lostEvery === 0 ? [] : [packet]
}

/** The rest of a packet never comes, and the next one begins in its midst: a write that found the connection full was not finished. */
export function cutting (): Impairment {
  let count = 0
  return packet => [++count % lostEvery === 0 ? packet.subarray(0, packet.length / 2) : packet]
}

/** Now and then the next packet overtakes one. */
export function swapping (): Impairment {
  let count = 0
  let held: Buffer | null = null
  return packet => {
    if (held) {
      const overtaken = held
      held = null
      return [packet, overtaken]
    }
    if (++count % swappedEvery !== 0) return [packet]
    held = packet
    return []
  }
}

/** The same way, with what happens to packets on it. */
export function withImpairment (way: Delivery, mishap: Impairment): Delivery {
  return {
    channel: way.channel,
    get full () { return way.full },
    send (bytes, packets) {
      const arriving = packets.flatMap(({ offset, size }) => mishap(bytes.subarray(offset, offset + size)))
      let end = 0
      way.send(Buffer.concat(arriving), arriving.map(({ length: size }) => ({ offset: (end += size) - size, size })))
    },
    report (rtcp) { way.report(rtcp) },
    close () { way.close() }
  }
}
