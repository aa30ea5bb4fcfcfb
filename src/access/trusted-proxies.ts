import { BlockList, isIPv6 } from 'node:net'

/** Whether an address is that of a proxy whose headers are believed. `undefined` has no address: a Unix socket, or a connection that has ended. */
export type Trusts = (address: string | undefined) => boolean

const familyOf = (address: string) => isIPv6(address) ? 'ipv6' : 'ipv4'

/** `proxies`: IP addresses, and ranges of them such as `10.0.0.0/8`. An IPv4 address that a dual-stack socket reports in IPv6 is the same one. */
export function trustedProxies (proxies: readonly string[]): Trusts {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address, bits] = proxy.split('/') as [string, string?]
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return (address = '') => {
    const [withoutZone] = address.split('%') as [string]
    return list.check(withoutZone, familyOf(withoutZone))
  }
}
