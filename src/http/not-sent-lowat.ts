import { createRequire } from 'node:module'
import type { Server } from 'node:net'

/** Bytes that the kernel holds unsent for one viewer. On a slow link a backlog of a frame or so is what keeps the picture fresh. */
const LOWAT = 16 * 1024
const IPPROTO_TCP = 6
const TCP_NOTSENT_LOWAT = 25 // linux/tcp.h

interface Koffi { load (library: string): { func (prototype: string): (...args: unknown[]) => number } }

/**
 * Sets TCP_NOTSENT_LOWAT on a listening socket; accepted sockets inherit it. Node has no call for it, koffi (an optional
 * dependency) makes libc's. Returns whether it is set; `net.ipv4.tcp_notsent_lowat` does the same without us.
 */
export function limitUnsent (server: Server): boolean {
  const fd = (server as unknown as { _handle?: { fd?: number } })._handle?.fd
  if (process.platform !== 'linux' || fd === undefined || fd < 0) return false
  try {
    const koffi = createRequire(import.meta.url)('koffi') as Koffi
    const setsockopt = koffi.load('libc.so.6').func('int setsockopt(int fd, int level, int name, const int *value, uint32_t length)')
    return setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, [LOWAT], 4) === 0
  } catch {
    return false // no koffi for this machine, or another libc
  }
}
