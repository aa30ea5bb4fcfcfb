import type { RtpPacket } from './packet.js'
import { ahead, isJump } from './sequence.js'

/** `missing`: so many packets before this one; Infinity where its source began anew. */
export interface OrderedPacket { packet: RtpPacket; missing: number }

/** Puts the packets of one track into the order in which they were sent. */
export interface PacketOrder {
  /** Takes a packet and yields those whose turn it is. */
  push (packet: RtpPacket, now: number): OrderedPacket[]
  /** Yields what has waited long enough; everything, at Infinity. */
  flush (now: number): OrderedPacket[]
  /** When `flush` has something to yield; undefined while nothing is held. */
  readonly dueAt: number | undefined
}

export const reorderLimits = { holdMs: 40, packets: 64 } as const

/** For UDP: what comes behind a missing packet waits for it, but not long. */
export class ReorderWindow implements PacketOrder {
  #next: { sequence: number, ssrc: number } | undefined
  /** By sequence number. */
  #held: Array<{ packet: RtpPacket, due: number }> = []

  get dueAt (): number | undefined {
    return this.#held.length > 0 ? Math.min(...this.#held.map(({ due }) => due)) : undefined
  }

  push (packet: RtpPacket, now: number): OrderedPacket[] {
    const next = this.#next
    const distance = next === undefined ? 0 : ahead(packet.sequence, next.sequence)
    if (next?.ssrc !== packet.ssrc || isJump(distance)) {
      const before = this.flush(Infinity)
      this.#next = { sequence: (packet.sequence + 1) & 0xffff, ssrc: packet.ssrc }
      return [...before, { packet, missing: next === undefined ? 0 : Infinity }]
    }
    if (distance >= 0) this.#hold(packet, now) // otherwise its turn is over
    return this.flush(now)
  }

  flush (now: number): OrderedPacket[] {
    const overdue = this.#held.findLastIndex(({ due }) => due <= now) + 1
    const overflow = this.#held.length - reorderLimits.packets
    return this.#release(Math.max(overdue, overflow))
  }

  /** One that came twice is held once. */
  #hold (packet: RtpPacket, now: number): void {
    const behind = this.#held.findIndex(held => ahead(held.packet.sequence, packet.sequence) >= 0)
    if (this.#held[behind]?.packet.sequence === packet.sequence) return
    this.#held.splice(behind === -1 ? this.#held.length : behind, 0, { packet, due: now + reorderLimits.holdMs })
  }

  /** The first `count` of the held packets, and those that follow without a gap. */
  #release (count: number): OrderedPacket[] {
    const released: OrderedPacket[] = []
    for (const { packet } of this.#held) {
      const missing = ahead(packet.sequence, this.#next!.sequence)
      if (missing > 0 && released.length >= count) break
      released.push({ packet, missing })
      this.#next = { sequence: (packet.sequence + 1) & 0xffff, ssrc: packet.ssrc }
    }
    this.#held.splice(0, released.length)
    return released
  }
}

/** For TCP, which loses and swaps nothing: a gap is what the camera itself left out. There are cameras that do not count. */
export class ArrivalOrder implements PacketOrder {
  readonly dueAt = undefined
  #last: { sequence: number, ssrc: number } | undefined

  push (packet: RtpPacket): OrderedPacket[] {
    const last = this.#last
    this.#last = { sequence: packet.sequence, ssrc: packet.ssrc } // not its payload, a view of a larger buffer
    if (last === undefined) return [{ packet, missing: 0 }]
    const distance = packet.ssrc === last.ssrc ? ahead(packet.sequence, last.sequence) : -1
    return [{ packet, missing: distance < 0 ? Infinity : Math.max(0, distance - 1) }]
  }

  flush (): OrderedPacket[] {
    return []
  }
}
