import type { RtpPacket } from './packet.js'
import { ahead, isJump } from './sequence.js'

/** `missing` is the number of packets missing in front of this one; Infinity if its source has restarted. */
export interface OrderedPacket { packet: RtpPacket; missing: number }

/** Puts the packets of one track into the order in which they were sent. */
export interface PacketOrder {
  /** Accepts a packet and returns those that are next in order. */
  push (packet: RtpPacket, now: number): OrderedPacket[]
  /** Returns the packets that have waited long enough; all of them, at Infinity. */
  flush (now: number): OrderedPacket[]
  /** When `flush` will return something; undefined while no packet is held. */
  readonly dueAt: number | undefined
}

export const MAX_HOLD_MS = 40
export const MAX_HELD_PACKETS = 64

/** For UDP: packets after a missing one wait for it, but not for long. */
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
    if (distance === 0 && this.#held.length === 0) { // nearly always
      next.sequence = (packet.sequence + 1) & 0xffff
      return [{ packet, missing: 0 }]
    }
    if (distance >= 0) this.#hold(packet, now) // otherwise it is too late
    return this.flush(now)
  }

  flush (now: number): OrderedPacket[] {
    const overdue = this.#held.findLastIndex(({ due }) => due <= now) + 1
    const overflow = this.#held.length - MAX_HELD_PACKETS
    return this.#release(Math.max(overdue, overflow))
  }

  /** Holds a duplicate once. */
  #hold (packet: RtpPacket, now: number): void {
    const at = this.#held.findIndex(held => ahead(held.packet.sequence, packet.sequence) >= 0)
    if (this.#held[at]?.packet.sequence === packet.sequence) return
    this.#held.splice(at === -1 ? this.#held.length : at, 0, { packet, due: now + MAX_HOLD_MS })
  }

  /** Releases the first `count` held packets, and those that follow without a gap. */
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

/** For TCP, which neither loses nor reorders: any gap comes from the camera. Some cameras do not number their packets. */
export class ArrivalOrder implements PacketOrder {
  readonly dueAt = undefined
  #last: { sequence: number, ssrc: number } | undefined

  push (packet: RtpPacket): OrderedPacket[] {
    const last = this.#last
    this.#last = { sequence: packet.sequence, ssrc: packet.ssrc } // without its payload, which is a view of a larger buffer
    if (last === undefined) return [{ packet, missing: 0 }]
    const distance = packet.ssrc === last.ssrc ? ahead(packet.sequence, last.sequence) : -1
    return [{ packet, missing: distance < 0 ? Infinity : Math.max(0, distance - 1) }]
  }

  flush (): OrderedPacket[] {
    return []
  }
}
