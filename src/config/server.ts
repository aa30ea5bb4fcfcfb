import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { AuthSettings } from '../access/settings.js'
import { isLoopback } from '../text/host.js'
import { everyAddressIn, readIpRange } from '../text/ip-range.js'
import type { Report } from '../yaml/diagnostic.js'
import { received } from '../yaml/expected.js'
import { within, type Value } from '../yaml/value.js'
import { hostFor, originFor, rangeFor, type Reading } from './addresses.js'
import { buildAuth } from './auth.js'
import { serverPresets, type ServerKeys } from './server-schema.js'

type Lists = 'trustProxy' | 'hosts' | 'origins' | 'embed'

/** The settings of `server`, with its presets. `server-schema.ts` describes each. */
export interface ServerSettings extends Omit<ServerKeys, 'auth' | Lists | keyof typeof serverPresets>, Required<Pick<ServerKeys, keyof typeof serverPresets>> {
  /** Undefined if nothing is written about it. */
  readonly auth?: AuthSettings | 'none'
  readonly trustProxy: readonly string[]
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
  /** Empty: anybody. */
  readonly embed: readonly string[]
}

interface Context {
  /** The value of `server`. */
  readonly written: Value | undefined
  /** Where relative paths start. */
  readonly folder: string
  readonly cameras: readonly string[]
  readonly report: Report
  readonly warn: Report
}

/** Makes the settings of `server`, and checks its keys against each other and against the cameras. */
export function buildServer ({ auth, tls, stateDir, ...keys }: ServerKeys, { written, folder, ...context }: Context): ServerSettings {
  const lists: Record<Lists, readonly string[]> = {
    trustProxy: list('trustProxy', 'an IP address or a range such as 10.0.0.0/8', rangeFor),
    hosts: list('hosts', 'a name such as cams.example.org', hostFor),
    origins: list('origins', 'an origin such as https://app.example.org', originFor),
    embed: list('embed', 'an origin such as https://app.example.org', originFor)
  }
  if (written && auth === undefined && keys.host !== undefined && isIP(keys.host) !== 0 && !isLoopback(keys.host)) {
    context.warn(within(written, 'host').at, 'server.host: others can reach this address, so camgate starts here only with auth below server:, or with CAMGATE_AUTH=none')
  }
  if (written && auth === undefined && keys.trustProxy !== undefined) {
    context.warn(within(written, 'trustProxy').at, 'server.trustProxy: others can come through a proxy, so camgate starts only with auth below server:, or with CAMGATE_AUTH=none')
  }
  const every = everyAddressIn(lists.trustProxy.flatMap(range => readIpRange(range) ?? []))
  if (written && every) {
    context.report(within(written, 'trustProxy').at, `server.trustProxy: together these are every ${every} address, and anybody could pose as the proxy; write the address of the proxy alone, such as 172.18.0.2`)
  }
  if (written && typeof tls === 'object' && keys.port !== undefined && tls.redirectFrom === keys.port) {
    context.report(within(within(written, 'tls'), 'redirectFrom').at, `server.tls.redirectFrom: https is already served on port ${keys.port}; plain HTTP needs another one, such as 80`)
  }
  return {
    ...serverPresets,
    ...keys,
    ...lists,
    ...auth === 'none' && { auth },
    ...stateDir !== undefined && { stateDir: resolve(folder, stateDir) },
    ...tls !== undefined && { tls: typeof tls === 'string' ? tls : { ...tls, key: resolve(folder, tls.key), cert: resolve(folder, tls.cert) } },
    ...typeof auth === 'object' && written && { auth: buildAuth(auth, { ...context, written: within(written, 'auth'), trustsProxy: keys.trustProxy !== undefined }) }
  }

  function list (key: Lists, wanted: string, read: (text: string) => Reading): readonly string[] {
    const values = written && within(written, key)
    return (keys[key] ?? []).flatMap((text, index) => {
      const reading = read(text)
      if ('value' in reading) return [reading.value]
      const item = values?.kind === 'list' ? values.items[index] : undefined
      const hint = item?.kind === 'scalar' && item.written !== undefined ? '' : reading.hint
      if (item) context.report(item.at, `server.${key}[${index}]: expected ${wanted}, received ${received(item, false)}${hint}`)
      return []
    })
  }
}
