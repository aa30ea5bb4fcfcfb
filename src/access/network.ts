import { isIPv4, isIPv6 } from 'node:net'
import { canonicalHost } from '../text/host.js'
import { ipv6Groups } from '../text/ip-range.js'

/**
 * The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address, because a household has all of its 2^64 addresses.
 * Each network has one spelling, `192.168.1.20` or `2001:db8:1:2::/64`, since headers of proxies may spell it in many ways; `unknown` for anything else.
 */
export function networkOf (address: string): string {
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return 'unknown'
  const groups = ipv6Groups(address.split('%')[0]!)
  if (/^(?:0:){5}ffff:/.test(groups.join(':'))) return canonicalHost(groups.join(':'))
  return `${groups.slice(0, 4).join(':')}::/64`
}
