import { createRequire } from 'node:module'
import type { Server, Socket } from 'node:net'

/** Bytes that the kernel holds unsent for one viewer. On a slow link a backlog of a frame or so is what keeps the picture fresh. */
const LOWAT = 16 * 1024
const IPPROTO_TCP = 6
const TCP_NOTSENT_LOWAT = 25 // linux/tcp.h
const SIOCOUTQNSD = 0x894b // linux/sockios.h

interface Koffi { load (library: string): { func (prototype: string): (...args: unknown[]) => number } }

/** libc's calls that Node has none for, by koffi, an optional dependency; undefined where there is none, or another libc. */
const libc = (() => {
  if (process.platform !== 'linux') return undefined
  try {
    const library = (createRequire(import.meta.url)('koffi') as Koffi).load('libc.so.6')
    return {
      setsockopt: library.func('int setsockopt(int fd, int level, int name, const int *value, uint32_t length)'),
      ioctl: library.func('int ioctl(int fd, unsigned long request, _Out_ int *value)')
    }
  } catch {
    return undefined
  }
})()

const descriptorOf = (socket: Server | Socket): number => (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd ?? -1

/**
 * Sets TCP_NOTSENT_LOWAT on a listening socket; accepted sockets inherit it. Returns whether it is set;
 * `net.ipv4.tcp_notsent_lowat` does the same without us.
 */
export function limitUnsent (server: Server): boolean {
  const fd = descriptorOf(server)
  return fd >= 0 && libc?.setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, [LOWAT], 4) === 0
}

/** How many bytes the kernel has taken and not yet sent; 0 where it cannot be asked. */
export function unsentBytes (socket: Socket): number {
  const unsent = [0]
  return libc?.ioctl(descriptorOf(socket), SIOCOUTQNSD, unsent) === 0 ? unsent[0]! : 0
}
