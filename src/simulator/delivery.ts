import type { Socket } from 'node:net'
import { udpPortPair } from '../rtp/udp-ports.js'
import { interleave } from '../rtsp/serialize.js'
import { frameBytes, type PacketSpan } from '../clips/clip.js'

/** The way of one client's packets. */
export interface Delivery {
  /** Interleaved channel of the RTP packets. */
  readonly channel: number
  /** The last picture is not on its way yet, so the next one would have to wait in memory. */
  readonly full: boolean
  /** Hands over framed packets; a packet that `bytes` ends within is sent in part where the carrier can do that. */
  send (bytes: Buffer, packets: readonly PacketSpan[]): void
  /** Hands over an RTCP packet. */
  report (rtcp: Buffer): void
  /** Ends the way, not the connection that asked for it. */
  close (): void
}

/** Between the messages of the RTSP connection. */
export function interleavedDelivery (socket: Socket, [channel, rtcpChannel]: readonly [rtp: number, rtcp: number]): Delivery {
  return {
    channel,
    get full () { return socket.writableLength > 0 },
    send (bytes) { socket.write(bytes) },
    report (rtcp) { socket.write(interleave(rtcpChannel, rtcp)) },
    close () {}
  }
}

export interface UdpDelivery extends Delivery { serverPorts: readonly [rtp: number, rtcp: number] }

/**
 * One datagram a packet, from a pair of ports of its own (RFC 3550 section 11: RTP even, RTCP the next one).
 * @param heard is told of every RTCP packet that comes, from whomever
 */
export async function udpDelivery (
  host: string, client: { address: string; ports: readonly [rtp: number, rtcp: number] }, heard: (rtcp: Buffer) => void
): Promise<UdpDelivery> {
  const [rtp, rtcp] = await udpPortPair(host)
  const [rtpPort, rtcpPort] = client.ports
  rtcp.on('message', heard)
  return {
    channel: 0,
    serverPorts: [rtp.address().port, rtcp.address().port],
    get full () { return rtp.getSendQueueCount() > 0 },
    send (bytes, packets) {
      for (const { offset, size } of packets) {
        if (offset + size <= bytes.length) rtp.send(bytes, offset + frameBytes, size - frameBytes, rtpPort, client.address)
      }
    },
    report (packet) { if (rtcpPort > 0) rtcp.send(packet, rtcpPort, client.address) },
    close () {
      rtp.close()
      rtcp.close()
    }
  }
}
