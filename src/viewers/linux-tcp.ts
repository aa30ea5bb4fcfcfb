import type { Server, Socket } from 'node:net'
import type { Link } from '../adaptive/congestion-meter.js'
import { libc } from '../libc.js'

/** Limits what the kernel holds unsent for one viewer. On a slow link, a backlog of about one frame keeps the picture fresh. */
const NOTSENT_LOWAT_BYTES = 16 * 1024
const IPPROTO_TCP = 6
const TCP_NOTSENT_LOWAT = 25 // linux/tcp.h
const TCP_INFO = 11
const SIOCOUTQNSD = 0x894b // linux/sockios.h
/** The beginning of tcp_info in linux/tcp.h, as 64-bit numbers and as 32-bit words, with the positions of three fields. Times are microseconds. */
const info = new BigUint64Array(19)
const words = new Uint32Array(info.buffer)
const [RTT, MIN_RTT, BYTES_ACKED] = [17, 37, 15]

const setsockopt = libc?.func('int setsockopt(int fd, int level, int name, const int *value, uint32_t length)')
const getsockopt = libc?.func('int getsockopt(int fd, int level, int name, void *value, _Inout_ uint32_t *length)')
const ioctl = libc?.func('int ioctl(int fd, unsigned long request, _Out_ int *value)')

const descriptorOf = (socket: Server | Socket): number => (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd ?? -1

/**
 * Sets TCP_NOTSENT_LOWAT on a listening socket; accepted sockets inherit it. Returns whether it is set.
 * `net.ipv4.tcp_notsent_lowat` does the same without camgate.
 */
export function limitUnsent (server: Server): boolean {
  const fd = descriptorOf(server)
  return fd >= 0 && setsockopt?.(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, [NOTSENT_LOWAT_BYTES], 4) === 0
}

/** How many bytes the kernel has accepted but not yet sent; 0 if it cannot be asked. */
export function unsentBytes (socket: Socket): number {
  const unsent = [0]
  return ioctl?.(descriptorOf(socket), SIOCOUTQNSD, unsent) === 0 ? unsent[0]! : 0
}

/** The kernel's measurements of a connection (Linux 4.9 and newer); undefined if it cannot be asked. */
export function linkOf (socket: Socket): Link | undefined {
  const length = [info.byteLength]
  if (getsockopt?.(descriptorOf(socket), IPPROTO_TCP, TCP_INFO, info, length) !== 0 || length[0]! < info.byteLength) return undefined
  return { deliveredBytes: Number(info[BYTES_ACKED]), roundTripMs: words[RTT]! / 1_000, minRoundTripMs: words[MIN_RTT]! / 1_000 }
}
