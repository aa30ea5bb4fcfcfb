import { isIPv4 } from 'node:net'

/** A host and perhaps its port, in the one spelling that browsers give them. */
export interface HostPort {
  /** A name in lower case and punycode, without the root's dot; an IPv4 address in four decimals; an IPv6 address compressed, in brackets, without a zone. */
  readonly host: string
  readonly kind: 'name' | 'ipv4' | 'ipv6'
  /** Undefined if none is written: `host` and `host:` mean the scheme's default. */
  readonly port?: number
}

/** The port that a URL means which names none, by its scheme. */
export const DEFAULT_PORTS = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 } as const

const MAX_CHARS = 1_000
/**
 * Neither userinfo, path, percent signs, spaces nor control characters, which `URL` would decode, skip or cut off. An IPv6 address may have a zone
 * (`fe80::1%eth0`), which means something only to the machine that wrote it.
 */
const FORM = /^(?:(\[[\da-f:.]+)(?:%[\w.-]{1,64})?\]|([^\p{Cc}\s:/?#@[\]\\%]+))(?::(\d*))?$/iu
/** What may stand in a message, in cameras.yaml and in a `Location`. Docker's names have underscores. */
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_][a-z0-9_-]{0,62})*$/

/** Reads `host[:port]`, as in a Host header or an address, however it is spelled: `127.1`, `0x7f.1` and `127.0.0.1.` are all `127.0.0.1`. Undefined for anything else. */
export function readHostPort (text: string): HostPort | undefined {
  const [, address, name = '', digits = ''] = (text.length <= MAX_CHARS && FORM.exec(text)) || []
  const url = `http://${address === undefined ? name : `${address}]`}`
  if (Number(digits) > 65_535 || !URL.canParse(url)) return undefined
  const host = new URL(url).hostname.replace(/\.$/, '')
  const kind = host.startsWith('[') ? 'ipv6' : isIPv4(host) ? 'ipv4' : 'name'
  if (kind === 'name' && !DNS_NAME.test(host)) return undefined
  return { host, kind, ...digits !== '' && { port: Number(digits) } }
}
