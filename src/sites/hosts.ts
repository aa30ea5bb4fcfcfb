import { readHostPort } from '../text/host-port.js'

/** Nobody can register a name below these: RFC 6761, 6762 and 8375, ICANN's `.internal`, and `.lan`, which home routers use. */
const PRIVATE_DOMAINS = ['.localhost', '.local', '.lan', '.internal', '.home.arpa']

/** `host` is in its one spelling, without the port; undefined if the header is empty. */
export type HostVerdict =
  | { readonly kind: 'known', readonly host: string | undefined }
  | { readonly kind: 'unknown', readonly name: string }
  | { readonly kind: 'invalid' }

/**
 * The names by which browsers may call this service. An attacker can point a name of their own at any address (DNS rebinding); the browser then takes the
 * service's answers for the attacker's. That needs a name that somebody can register: addresses, private names and those configured are known.
 */
export class KnownHosts {
  readonly #names: ReadonlySet<string>

  /** @param names the machine's own and those of `server.hosts` */
  constructor (names: readonly string[]) {
    this.#names = new Set(names.flatMap(name => readHostPort(name)?.host ?? []))
  }

  /** @param header a Host header. Programs may send an empty one, or none; browsers never do. */
  verdict (header: string): HostVerdict {
    if (header === '') return { kind: 'known', host: undefined }
    const read = readHostPort(header)
    if (!read) return { kind: 'invalid' }
    const { host, kind } = read
    const isKnown = kind !== 'name' || !host.includes('.') || this.#names.has(host) || PRIVATE_DOMAINS.some(domain => host.endsWith(domain))
    return isKnown ? { kind: 'known', host } : { kind: 'unknown', name: host }
  }
}

/** Tells people what to do about a name that is not known. */
export const unknownHost = (name: string): string =>
  `camgate does not answer to the name ${name}: anybody may have pointed that name at it. If the name is yours, add it in cameras.yaml: server: { hosts: ['${name}'] }`
