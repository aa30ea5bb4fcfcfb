import { isIPv6 } from 'node:net'

/** An address without its end, enough to tell a phone in the house from a proxy: `192.168.1.x`, `2001:db8:1:2:x`. */
export function partOfAddress (address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/.exec(address)
  if (v4) return `${v4[1]}.x`
  if (!isIPv6(address)) return 'unknown' // the viewer has left already
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const [before, after] = [head, tail].map(half => half ? half.split(':') : []) as [string[], string[]]
  const groups = tail === undefined ? before : [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
  return `${groups.slice(0, 4).join(':')}:x`
}
