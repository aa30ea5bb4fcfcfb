import type { Socket } from 'node:dgram'
import { udpPortPair } from '../rtp/udp-ports.js'

/** A key picture arrives all at once, in a few hundred packets. */
export const UDP_RECEIVE_BYTES = 1_048_576

export interface Datagrams {
  readonly onRtp: (packet: Buffer) => void
  readonly onRtcp: (packet: Buffer) => void
}

/** The pair of ports for a camera's datagrams. Ignores those of other senders. */
export class UdpListener {
  readonly #rtp: Socket
  readonly #rtcp: Socket
  readonly #camera: string
  #serverPorts: readonly [number, number] | undefined
  #source: string | undefined

  private constructor ([rtp, rtcp]: [Socket, Socket], camera: string, events: Datagrams) {
    this.#rtp = rtp
    this.#rtcp = rtcp
    this.#camera = camera
    const take = (on: (packet: Buffer) => void) => (packet: Buffer, from: { address: string }) => { if (from.address === camera || from.address === this.#source) on(packet) }
    rtp.on('message', take(events.onRtp))
    rtcp.on('message', take(events.onRtcp))
  }

  /** `local` and `camera` are both ends of the RTSP connection. Throws NO_UDP_PORTS. */
  static async open (local: string, camera: string, events: Datagrams): Promise<UdpListener> {
    return new UdpListener(await udpPortPair(local, UDP_RECEIVE_BYTES), camera, events)
  }

  get ports (): [rtp: number, rtcp: number] {
    return [this.#rtp.address().port, this.#rtcp.address().port]
  }

  /**
   * Sends a packet to each of the camera's ports, which opens the way back through a stateful firewall. `source` is the address from which the camera
   * sends, if it is a different one.
   */
  openFirewall (serverPorts: readonly [number, number], source?: string): void {
    this.#serverPorts = serverPorts
    this.#source = source
    this.#rtp.send(emptyRtp, serverPorts[0], this.#camera)
    this.#rtcp.send(emptyReport, serverPorts[1], this.#camera)
  }

  sendRtcp (packet: Buffer): void {
    if (this.#serverPorts) this.#rtcp.send(packet, this.#serverPorts[1], this.#camera)
  }

  close (): void {
    this.#rtp.close()
    this.#rtcp.close()
  }
}

/** An RTP header without payload, and a receiver report about no source. */
const emptyRtp = Buffer.from('800000000000000000000000', 'hex')
const emptyReport = Buffer.from('80c9000100000000', 'hex')
