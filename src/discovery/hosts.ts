import { isIPv4 } from 'node:net'
import { CamgateError } from '../errors.js'
import { readHostPort } from '../text/host-port.js'
import { readIpRange } from '../text/ip-range.js'

/** A /22. */
const MAX_HOSTS = 1_024

/** The hosts that a person has named: names, addresses and ranges such as 192.168.1.0/24. @throws {CamgateError} USAGE */
export function hostsOf (words: readonly string[]): string[] {
  const hosts = new Set<string>()
  for (const word of words) {
    for (const host of /^[^/:]+\/[^/]*$/.test(word) ? addressesIn(word) : [hostIn(word)]) hosts.add(host)
    if (hosts.size > MAX_HOSTS) throw new CamgateError('USAGE', `These are more than ${MAX_HOSTS} addresses (a /22): name a smaller range.`)
  }
  return [...hosts]
}

function hostIn (word: string): string {
  const read = readHostPort(word)
  if (!read || read.kind === 'ipv6' || read.port !== undefined) throw new CamgateError('USAGE', `Expected a host, an IPv4 address, or a range such as 192.168.1.0/24; received ${JSON.stringify(word)}.`)
  return read.host
}

/** Without the first and the last address, which are the network's own and everybody's. */
function addressesIn (word: string): string[] {
  const range = readIpRange(word)
  if (!range || !isIPv4(range.address)) throw new CamgateError('USAGE', `Expected a range of IPv4 addresses such as 192.168.1.0/24; received ${JSON.stringify(word)}.`)
  const size = 2 ** (32 - range.bits)
  if (size > MAX_HOSTS) throw new CamgateError('USAGE', `${word} has ${size} addresses, more than ${MAX_HOSTS} (a /22): name a smaller range.`)
  const first = Math.floor(range.address.split('.').reduce((number, part) => number * 256 + Number(part), 0) / size) * size
  const all = Array.from({ length: size }, (_, index) => first + index)
  return (size > 2 ? all.slice(1, -1) : all).map(number => [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.'))
}
