import { SocketAddress, isIPv4, isIPv6 } from 'node:net'

/**
 * The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address, because a household has all of its 2^64 addresses.
 * Each network has one spelling, `192.168.1.20` or `2001:db8:1:2::/64`, since headers of proxies may spell it in many ways; `unknown` for anything else.
 */
export function networkOf (address: string): string {
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return 'unknown'
  const canonical = new SocketAddress({ address: address.split('%')[0]!, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)
  if (mapped) return mapped[1]!
  const [head = '', tail] = canonical.split('::')
  const [before, after] = [head, tail].map(half => half ? half.split(':') : []) as [string[], string[]]
  const groups = tail === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
  return `${groups.slice(0, 4).join(':')}::/64`
}
