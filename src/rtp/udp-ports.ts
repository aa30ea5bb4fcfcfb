import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { CamgateError } from '../errors.js'

const MAX_ATTEMPTS = 50

/**
 * Binds two adjacent UDP ports of this machine: RTP even, RTCP the next one (RFC 3550 section 11). Ignores ICMP's errors about a peer
 * that has gone: the RTSP connection notices that.
 * @param receiveBytes wanted size of the kernel's receive buffer
 * @throws {CamgateError} NO_UDP_PORTS
 */
export async function udpPortPair (host: string, receiveBytes?: number): Promise<[rtp: Socket, rtcp: Socket]> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const rtp = await bound(host, 0, receiveBytes)
    const port = rtp?.address().port ?? 1
    const rtcp = port % 2 === 0 ? await bound(host, port + 1) : null
    if (rtp && rtcp) return [rtp, rtcp]
    rtp?.close()
  }
  throw new CamgateError('NO_UDP_PORTS', `found no free pair of UDP ports on ${host}`)
}

/** Null if the port is taken. */
async function bound (host: string, port: number, receiveBytes?: number): Promise<Socket | null> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', ...receiveBytes && { recvBufferSize: receiveBytes } })
  try {
    socket.bind(port, host)
    await once(socket, 'listening')
  } catch {
    socket.close()
    return null
  }
  socket.on('error', () => {})
  return socket
}
