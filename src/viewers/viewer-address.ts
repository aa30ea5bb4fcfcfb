import { networkOf } from '../access/network.js'

/** An address without its end, enough to tell a phone in the house from a proxy: `192.168.1.x`, `2001:db8:1:2:x`. */
export const partOfAddress = (address: string): string => networkOf(address).replace(/\.\d+$/, '.x').replace('::/64', ':x')
