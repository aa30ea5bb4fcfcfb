import { proxiedUser } from '../access/proxied-user.js'
import type { AuthSettings } from '../access/settings.js'
import type { Trusts } from '../access/trusted-proxies.js'
import type { Clock } from '../clock.js'
import type { Identify } from './identify.js'

/**
 * Finds the user that a proxy names in a header. Only the peer of the connection itself counts, whatever X-Forwarded-For says: from everybody else
 * the header is ignored.
 */
export function identifyProxied ({ users, proxy }: Required<Pick<AuthSettings, 'users' | 'proxy'>>, trusts: Trusts, clock: Clock): Identify {
  const header = proxy.header.toLowerCase()
  return ({ headers, raw: { rawHeaders, socket } }) => {
    if (headers[header] === undefined || !trusts(socket.remoteAddress)) return undefined
    const values = rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === header && index % 2 === 1) // `headers` joins them
    return proxiedUser(values, { users, proxy }, clock.wall())
  }
}
