import { hostname } from 'node:os'
import { trustedProxies } from './access/trusted-proxies.js'
import type { AppSettings } from './app.js'
import type { Clock } from './clock.js'
import type { ServerSettings } from './config/server.js'
import { exposureOf } from './door/exposure.js'
import { openTo, waysIn } from './door/ways-in.js'
import { KnownHosts } from './sites/hosts.js'

export interface AppSettingsContext {
  readonly clock: Clock
  readonly warn: (line: string) => void
  /** Where the server listens. */
  readonly addresses: readonly string[]
  /** The names in its certificate. */
  readonly certified: readonly string[]
}

type Settings = AppSettings & Required<Pick<AppSettings, 'sites' | 'waysIn'>>

/** What the settings of `server` mean for the web server. Those that have changed may replace `former` ones, whose logins go on. */
export function appSettings (server: ServerSettings, { clock, warn, addresses, certified }: AppSettingsContext, former?: Settings, changed: ReadonlyArray<keyof ServerSettings> = []): Settings {
  const { auth, trustProxy, host, hosts, origins, embed, maxViewers, maxViewersPerAddress } = server
  const keepsWaysIn = former && !changed.includes('auth') && !changed.includes('trustProxy')
  return {
    maxViewers,
    maxViewersPerAddress,
    trustProxy,
    waysIn: keepsWaysIn
      ? former.waysIn
      : typeof auth === 'object'
        ? waysIn(auth, { clock, trusts: trustedProxies(trustProxy), warn, former: former?.waysIn })
        : openTo(exposureOf(addresses, trustProxy) === 'machine' ? 'admin' : 'control'),
    sites: { hosts: new KnownHosts([...hosts, hostname(), host, ...certified]), origins, embed }
  }
}
