import { isIP, isIPv4 } from 'node:net'

/** A range of IP addresses; a single address has as many bits as its version. */
export interface IpRange {
  readonly address: string
  readonly version: 4 | 6
  readonly bits: number
}

/** Reads `10.0.0.0/8`, `fd00::/8` or a single address. Undefined for anything else, also for a zone: a range has none. */
export function readIpRange (text: string): IpRange | undefined {
  const [, address = '', digits] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  const bits = Number(digits ?? most)
  return (version === 4 || version === 6) && bits <= most ? { address, version, bits } : undefined
}

/** The eight groups of an IPv6 address, in lower case without leading zeros. */
export function ipv6Groups (address: string): string[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [before, after] = [head, tail].map(half => half ? half.split(':') : []) as [string[], string[]]
  return tail === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

type Interval = readonly [first: bigint, last: bigint]

/** As a number of 128 bits: an IPv4 address is one of ::ffff:0:0/96, as a socket for both versions reports it. */
const numberOf = (address: string): bigint => ipv6Groups(isIPv4(address) ? `::ffff:${address}` : address).reduce((number, group) => number << 16n | BigInt(`0x${group}`), 0n)

function intervalOf ({ address, version, bits }: IpRange): Interval {
  const size = 1n << BigInt((version === 4 ? 32 : 128) - bits)
  const first = numberOf(address) / size * size
  return [first, first + size - 1n]
}

/** The addresses from which strangers come: all but this machine's own, and those that belong to no single machine. */
const EVERYBODY: ReadonlyArray<readonly [version: string, intervals: Interval[]]> = [
  ['IPv4', [[numberOf('1.0.0.0'), numberOf('126.255.255.255')], [numberOf('128.0.0.0'), numberOf('223.255.255.255')]]],
  ['IPv6', [[numberOf('2000::'), numberOf('3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')]]]
]

/** The versions of which the ranges together hold every address that a stranger may have: `IPv4`, `IPv6`, `IPv4 and IPv6`, or ''. */
export function everyAddressIn (ranges: readonly IpRange[]): string {
  const sorted = ranges.map(intervalOf).sort(([one], [other]) => one < other ? -1 : 1)
  const holds = ([first, last]: Interval) => sorted.reduce((next, [start, end]) => start <= next && end >= next ? end + 1n : next, first) > last
  return EVERYBODY.flatMap(([version, intervals]) => intervals.every(holds) ? [version] : []).join(' and ')
}
