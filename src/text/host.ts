import { readHostPort } from './host-port.js'

/** A host as it is written in a URL: an IPv6 address in brackets. */
export const hostInUrl = (host: string): string => host.includes(':') ? `[${host}]` : host

/** One spelling for each host: `127.1`, `0x7f000001`, `::ffff:127.0.0.1` and `127.0.0.1.` are all `127.0.0.1`. IPv6 addresses have no brackets, and keep their zone. */
export function canonicalHost (host: string): string {
  const read = host.includes('%') ? undefined : readHostPort(hostInUrl(host))
  if (!read) return host.toLowerCase().replace(/\.$/, '')
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(read.host) ?? []
  if (high === undefined || low === undefined) return read.host.replace(/^\[(.*)\]$/, '$1')
  return [high, low].flatMap(half => [parseInt(half, 16) >> 8, parseInt(half, 16) & 255]).join('.')
}

/** Whether an address, or the name `localhost`, is this machine: nobody can listen in on the way to it. */
export const isLoopback = (host: string): boolean => /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(canonicalHost(host))
