import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { AuthSettings } from '../access/settings.js'
import { CamgateError } from '../errors.js'
import { isLoopback } from '../text/host.js'

/** Who can reach camgate: programs of this machine, or others too. */
export type Exposure = 'machine' | 'network'

/** What `server.auth` is: undefined if nothing is written about it. */
type Auth = AuthSettings | 'none' | undefined

/**
 * The addresses that a host stands for: all of `localhost`, because browsers try ::1 first, and the first of another name, as the operating system has them.
 * Ask once, and listen on the answer: a name could get another address between the check and the listening. Rejects with the resolver's error.
 */
export async function addressesOf (host: string, find = findAddresses): Promise<[string, ...string[]]> {
  if (isIP(host) !== 0) return [host]
  const [first, ...others] = await find(host)
  if (first === undefined) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' })
  return host === 'localhost' ? [first, ...others] : [first]
}

const findAddresses = async (name: string) => [...new Set((await lookup(name, { all: true })).map(({ address }) => address))]

/** Through a trusted proxy others come too, wherever camgate listens. */
export const exposureOf = (addresses: readonly string[], proxies: readonly string[] = []): Exposure =>
  addresses.length > 0 && addresses.every(isLoopback) && proxies.length === 0 ? 'machine' : 'network'

/**
 * Refuses to start where others could look and nobody has said who may.
 *
 * @throws {CamgateError} CONFIG
 */
export function requireAuth (auth: Auth, exposure: Exposure, { host, port }: { readonly host: string, readonly port: number }): void {
  if (auth !== undefined || exposure === 'machine') return
  throw new CamgateError('CONFIG', `camgate does not start: on ${host}:${port} others could reach it, and nothing says who may see and stop the cameras. There are three ways out:
  - users: run camgate password, and write what it prints into cameras.yaml, below server: auth: users: (docs/configuration.md, auth)
  - this machine alone: listen on 127.0.0.1 (--host 127.0.0.1, HOST or server: host:), and without trustProxy, which lets others in through a proxy
  - no passwords: write auth: none below server:, or set CAMGATE_AUTH=none. In a container, map the port to this machine with -p 127.0.0.1:5000:5000`)
}

/** What the log says about a server that asks nobody; undefined if it asks, or if only this machine can reach it. */
export function openWarning (auth: Auth, exposure: Exposure, where: string): string | undefined {
  if (auth !== 'none' || exposure === 'machine') return undefined
  return `Everybody who reaches ${where} can see every camera, and start, stop and restart it: auth is none, so camgate asks for no password`
}
