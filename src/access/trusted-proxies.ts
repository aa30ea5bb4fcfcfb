import { BlockList, isIPv6 } from 'node:net'
import { readIpRange } from '../text/ip-range.js'
import { Recent } from './recent.js'

/** Whether an address is that of a proxy whose headers are believed. `undefined` has no address: a Unix socket, or a connection that has ended. */
export type Trusts = (address: string | undefined) => boolean

const MAX_KNOWN = 1_000

const familyOf = (address: string) => isIPv6(address) ? 'ipv6' : 'ipv4'

/** `proxies`: IP addresses, and ranges of them such as `10.0.0.0/8`. An IPv4 address that a dual-stack socket reports in IPv6 is the same one. */
export function trustedProxies (proxies: readonly string[]): Trusts {
  const list = new BlockList()
  for (const { address, bits } of proxies.flatMap(proxy => readIpRange(proxy) ?? [])) list.addSubnet(address, bits, familyOf(address))
  const known = new Recent<boolean>(MAX_KNOWN) // each request asks several times
  return (address = '') => {
    const answer = known.get(address)
    if (answer !== undefined) return answer
    const trusts = list.check(address, familyOf(address))
    known.set(address, trusts)
    return trusts
  }
}
