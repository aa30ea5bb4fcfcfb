import { isIP } from 'node:net'
import { readHostPort } from '../text/host-port.js'
import { everyAddressIn, readIpRange } from '../text/ip-range.js'
import { readOrigin } from '../text/origin.js'

/** A text in its one spelling, or how to write it instead, as the end of a sentence; that may be empty. */
export type Reading = { readonly value: string } | { readonly hint: string }

/** An origin of `server.origins` or `server.embed`. */
export function originFor (text: string): Reading {
  if (text.includes('*')) return { hint: '; write every origin by itself, without *' }
  if (/^[\w-]+(\.[\w.-]+(:\d+)?|:\d+)$/.test(text)) return { hint: `; did you mean ${/^(localhost|[\d.]+)(:|$)/.test(text) ? 'http' : 'https'}://${text}?` }
  const read = readOrigin(text)
  if (!read) return { hint: '; an origin is http:// or https://, a host, and perhaps a port' }
  return read.rest === '' ? { value: read.origin } : { hint: `; an origin ends after the host and its port: write ${read.origin}` }
}

/** An address or range of `server.trustProxy`. One that holds every address is refused: with it, anybody may pose as the proxy. */
export function rangeFor (text: string): Reading {
  const range = readIpRange(text)
  if (range) {
    const every = everyAddressIn([range])
    return every ? { hint: `; this is every ${every} address, and anybody could pose as the proxy` } : { value: text }
  }
  const version = isIP(text.split('/')[0]!)
  if (version !== 0 && /\/\d+$/.test(text)) return { hint: `; a range of IPv${version} ends in /1 to /${version === 4 ? 32 : 128}` }
  return { hint: /^[a-z][\w.-]*$/i.test(text) ? '; names are not looked up here, because whoever answers for a name could pose as the proxy' : '' }
}

/** A name of `server.hosts`. */
export function hostFor (text: string): Reading {
  if (text.includes('*')) return { hint: '; write every name by itself, without *' }
  const [, authority = ''] = /^(?:\w+:\/\/)?([^/]+)(?:\/.*)?$/.exec(text) ?? []
  const read = readHostPort(authority)
  if (!read) return { hint: '' }
  return authority === text && read.port === undefined ? { value: read.host } : { hint: `; without scheme, port and path: write ${read.host}` }
}
