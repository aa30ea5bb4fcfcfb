import { readHostPort } from './host-port.js'

/** The origin of an http or https address as browsers write it in `Origin`, and what follows it in the address. Undefined for anything else. */
export function readOrigin (address: string): { readonly origin: string, readonly rest: string } | undefined {
  const [, scheme = '', authority = '', rest = ''] = /^(https?):\/\/([^/?#]*)([^]*)$/i.exec(address) ?? []
  const read = readHostPort(authority)
  if (!read) return undefined
  const { host, port } = read
  const isHttps = scheme.toLowerCase() === 'https'
  const isDefault = port === undefined || port === (isHttps ? 443 : 80)
  return { origin: `${isHttps ? 'https' : 'http'}://${host}${isDefault ? '' : `:${port}`}`, rest }
}
