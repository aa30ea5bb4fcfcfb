import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { cameraAt, type CameraPlace } from '../config/notify/camera-places.js'
import { canonicalHost } from '../text/host.js'

/** The addresses of a name. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>

export const resolveBySystem: Resolve = async name => await promisify(systemLookup)(name, { all: true })

/** Where no receiver is: addresses without a machine of their own, and those where clouds give out the secrets of a machine. */
const nowhere = new BlockList()
for (const [network, bits] of [['0.0.0.0', 8], ['169.254.0.0', 16], ['224.0.0.0', 3], ['100.100.100.200', 32]] as const) nowhere.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [['::', 128], ['fe80::', 10], ['ff00::', 8], ['fd00:ec2::254', 128], ['fd20:ce::254', 128]] as const) nowhere.addSubnet(network, bits, 'ipv6')

/** Where a gateway stands that turns IPv6 into IPv4 (RFC 6052); the rest is the IPv4 address. */
const NAT64 = /^64:ff9b::(?=[\da-f]+:[\da-f]+$)/

/** Pure. Why nothing may be posted to this IP address, in words that follow "it"; undefined if it may. */
export function objectionTo (address: string, port: number, places: readonly CameraPlace[]): string | undefined {
  const canonical = canonicalHost(canonicalHost(address).replace(NAT64, '::ffff:'))
  const bare = canonical.replace(/%.*$/, '')
  if (isIP(bare) === 0 || nowhere.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4')) return 'has an address at which no receiver can be: link-local, multicast or reserved'
  const camera = cameraAt(places, canonical, port)
  return camera === undefined ? undefined : `has the address of the camera ${camera}`
}

/** Looks a receiver's name up once and hands on only the addresses to which nothing objects. The connection goes to one of these: nobody can change them in between. */
export const guardedLookup = (resolve: Resolve, objection: (address: string) => string | undefined): LookupFunction => (name, { all }, callback) => {
  const refuse = (error: Error) => callback(error, [])
  resolve(name).then(addresses => {
    const [first, ...others] = addresses.filter(({ address }) => objection(address) === undefined)
    if (!first) refuse(new Error(`it ${objection(addresses[0]?.address ?? '')}`))
    else if (all) callback(null, [first, ...others])
    else callback(null, first.address, first.family)
  }, refuse)
}
