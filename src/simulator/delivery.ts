import type { Socket } from 'node:net'
import { udpPortPair } from '../rtp/udp-ports.js'
import { interleave } from '../rtsp/serialize.js'
import type { PacketSpan } from '../clips/clip.js'
import { FRAME_HEADER_BYTES } from '../rtsp/framing.js'

/** Carries one client's packets. */
export interface Delivery {
  /** The interleaved channel of RTP packets. */
  readonly channel: number
  /** Whether the last picture has not been sent yet, so that the next one would have to wait in memory. */
  readonly full: boolean
  /** Sends framed packets. If `bytes` ends within a packet, TCP sends that packet in part, and UDP drops it. */
  send (bytes: Buffer, packets: readonly PacketSpan[]): void
  /** Sends an RTCP packet. */
  report (rtcp: Buffer): void
  /** Closes sockets of its own, but not the RTSP connection. */
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
 * One datagram per packet, from a pair of ports of its own (RFC 3550 section 11: RTP even, RTCP the next one).
 * @param onRtcp receives every RTCP packet, from any sender
 */
export async function udpDelivery (
  host: string, client: { address: string; ports: readonly [rtp: number, rtcp: number] }, onRtcp: (rtcp: Buffer) => void
): Promise<UdpDelivery> {
  const [rtp, rtcp] = await udpPortPair(host)
  const [rtpPort, rtcpPort] = client.ports
  rtcp.on('message', onRtcp)
  return {
    channel: 0,
    serverPorts: [rtp.address().port, rtcp.address().port],
    get full () { return rtp.getSendQueueCount() > 0 },
    send (bytes, packets) {
      for (const { offset, size } of packets) {
        if (offset + size <= bytes.length) rtp.send(bytes, offset + FRAME_HEADER_BYTES, size - FRAME_HEADER_BYTES, rtpPort, client.address)
      }
    },
    report (packet) { if (rtcpPort > 0) rtcp.send(packet, rtcpPort, client.address) },
    close () {
      rtp.close()
      rtcp.close()
    }
  }
}
