import { isIPv6 } from 'node:net'

/** Nobody can register a name below these: RFC 6761, 6762 and 8375, ICANN's `.internal`, and `.lan`, which home routers use. */
const PRIVATE_DOMAINS = ['.localhost', '.local', '.lan', '.internal', '.home.arpa']
/** Neither userinfo, path nor spaces; with a port or without. A zone (`fe80::1%eth0`) may follow an IPv6 address. */
const HOST = /^(?:\[([\da-f:.]+)(?:%[\w.-]+)?\]|([^\s:/?#@[\]\\%]+))(?::\d*)?$/i
/** A name that may be written into a message, and into cameras.yaml. */
const DNS_NAME = /^(?=.{1,253}$)[\w-]+(?:\.[\w-]+)+$/

export type HostVerdict = { readonly kind: 'known' | 'invalid' } | { readonly kind: 'unknown', readonly name: string }

/**
 * The names by which browsers may call this service. An attacker can point a name of their own at any address (DNS rebinding); the browser then takes the
 * service's answers for the attacker's. That needs a name that somebody can register: addresses, private names and those configured are known.
 */
export class KnownHosts {
  readonly #names: ReadonlySet<string>

  /** @param names the machine's own and those of `server.hosts` */
  constructor (names: readonly string[]) {
    this.#names = new Set(names.map(name => nameIn(name) ?? ''))
  }

  /** @param header a Host header. Programs may send an empty one, or none; browsers never do. */
  verdict (header: string): HostVerdict {
    if (header === '') return { kind: 'known' }
    const name = nameIn(header)
    if (name === undefined) return { kind: 'invalid' }
    const isKnown = isAddress(name) || !name.includes('.') || this.#names.has(name) || PRIVATE_DOMAINS.some(domain => name.endsWith(domain))
    if (isKnown) return { kind: 'known' }
    return DNS_NAME.test(name) ? { kind: 'unknown', name } : { kind: 'invalid' }
  }
}

/** Tells people what to do about a name that is not known. */
export const unknownHost = (name: string): string =>
  `camgate does not answer to the name ${name}: anybody may have pointed that name at it. If the name is yours, add it in cameras.yaml: server: { hosts: ['${name}'] }`

/** The name or address in a Host header, as browsers write it: lower case, punycode, 127.1 as 127.0.0.1; without the root's dot. */
function nameIn (header: string): string | undefined {
  const [, address, name] = HOST.exec(header) ?? []
  if (address !== undefined) return isIPv6(address) ? address : undefined
  if (name === undefined || !URL.canParse(`http://${name}`)) return undefined
  return new URL(`http://${name}`).hostname.replace(/\.$/, '')
}

/** An address contains a colon, or ends with a number: browsers take every such name for an IPv4 address. */
const isAddress = (name: string) => name.includes(':') || /(?:^|\.)\d+$/.test(name)
