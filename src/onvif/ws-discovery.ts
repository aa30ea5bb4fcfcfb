import { networkInterfaces } from 'node:os'

/** WS-Discovery, April 2005, which ONVIF prescribes. */
export const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery'
export const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing'
export const MULTICAST_GROUP = '239.255.255.250'
export const DISCOVERY_PORT = 3702

/** The IPv4 addresses of this machine's interfaces, those of loopback included. A multicast goes to the network of one of them. */
export const ownAddresses = (): string[] => Object.values(networkInterfaces()).flatMap(all => (all ?? []).flatMap(({ family, address }) => family === 'IPv4' ? [address] : []))
