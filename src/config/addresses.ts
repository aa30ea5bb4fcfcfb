import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** A text in its one spelling, or how to write it instead, as the end of a sentence; that may be empty. */
export type Reading = { readonly value: string } | { readonly hint: string }

/** Reads an origin as browsers spell it in `Origin`: in lower case, and without the usual port. */
export function readOrigin (text: string): Reading {
  if (text.includes('*')) return { hint: '; write every origin by itself, without *' }
  if (/^[\w-]+(\.[\w.-]+(:\d+)?|:\d+)$/.test(text)) return { hint: `; did you mean ${/^(localhost|[\d.]+)(:|$)/.test(text) ? 'http' : 'https'}://${text}?` }
  if (!/^https?:\/\/[^\s\\@]+$/i.test(text) || !URL.canParse(text)) return { hint: '; an origin is http:// or https://, a host, and perhaps a port' }
  const { origin } = new URL(text)
  return /^[^/]+\/\/[^/?#]+$/.test(text) ? { value: origin } : { hint: `; an origin ends after the host and its port: write ${origin}` }
}

/** Reads an IP address or a range of them (CIDR). A range of all addresses is refused: with it, anybody may pose as the proxy. */
export function readRange (text: string): Reading {
  const [, address = '', bits] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return { hint: /^[a-z][\w.-]*$/i.test(text) ? '; names are not looked up here, because whoever answers for a name could pose as the proxy' : '' }
  if (bits === undefined) return { value: address }
  if (Number(bits) === 0) return { hint: '; this is every address, and anybody could pose as the proxy' }
  const most = version === 4 ? 32 : 128
  return Number(bits) <= most ? { value: `${address}/${bits}` } : { hint: `; a range of IPv${version} ends in /1 to /${most}` }
}

/** Reads a host name as browsers spell it in `Host`: in lower case, in ASCII, and without the dot that ends it. */
export function readHost (text: string): Reading {
  if (text.includes('*')) return { hint: '; write every name by itself, without *' }
  const [, bare = text] = /^(?:\w+:\/\/)?([^/:]+)(?::\d+)?(?:\/.*)?$/.exec(text) ?? []
  const name = domainToASCII(bare).replace(/\.$/, '')
  if (name.length > 253 || !/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(name)) return { hint: '' }
  return bare === text ? { value: name } : { hint: `; without scheme, port and path: write ${name}` }
}
