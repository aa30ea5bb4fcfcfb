import { existsSync } from 'node:fs'
import { MAX_LINK_LIFETIME_S, signLink } from '../access/link.js'
import { answer, type Io } from '../cli/command.js'
import { configOption, configPath } from '../cli/files/config-file.js'
import type { Parsed } from '../cli/options.js'
import { loadRegistry } from '../config/load.js'
import { CamgateError } from '../errors.js'
import { durationMs } from '../text/duration.js'

export const usage = `camgate sign ADDRESS --as USER [--for 10m] [--kid KEY] [--base URL] [--config FILE]

Prints the address with a signature that opens it until it expires. The key is one of server.auth.links in cameras.yaml, or CAMGATE_LINK_KEY if there
is no server.auth.links. '/wall?cameras=1,2' is for a page's WebSocket. --json: { link, expires }.

  --as USER     for whom; any name, but a user of cameras.yaml sees only their own cameras
  --for 10m     how long: 90s, 10m, 2h or 1d
  --kid KEY     which of several keys
  --base URL    what browsers need in front of the address

  camgate sign /camera/1 --as anna --for 2h --base https://cams.example.org
`
const SECONDS_PER_DAY = 86_400
/** The routes whose config says that a link opens them. */
const PICTURES = /^\/+(?:video_feed|wall|camera\/+[^/?]+(?:\/+snapshot)?)\/*(?:\?|$)/
const text = { type: 'string' } as const

export interface SignOptions {
  readonly address: string
  readonly sub: string
  readonly lifetimeS: number
  readonly base: string
  readonly kid: string | undefined
  /** The path of cameras.yaml, if it was given. */
  readonly file: string | undefined
}

export const options = { as: text, for: text, kid: text, base: text, ...configOption } as const
export const operands = 'camera address'

export async function run (parsed: Parsed<typeof options>, io: Io): Promise<undefined> {
  const sign = readSignOptions(parsed)
  const { link, expires } = signFor(sign, linkKeys(sign, io.env), Date.now())
  answer(io, `${link}\n`, { link, expires })
}

/** Those of the configuration. Where there is none, or none of its keys is for links, as on a machine that only signs: CAMGATE_LINK_KEY. */
function linkKeys ({ kid = 'k1', file }: SignOptions, env: Io['env']): ReadonlyMap<string, string> {
  const path = configPath(file, env)
  const auth = file !== undefined || existsSync(path) ? loadRegistry(path, env).server.auth : undefined
  if (typeof auth === 'object' && auth.links) return auth.links.keys
  const key = env.CAMGATE_LINK_KEY
  if (!key) throw new CamgateError('CONFIG', `There is no key to sign with: ${path} has no server.auth.links, and CAMGATE_LINK_KEY is not set.`)
  return new Map([[kid, key]])
}

/** @throws {CamgateError} USAGE */
export function readSignOptions ({ positionals: [address, ...more], values }: Parsed<typeof options>): SignOptions {
  const { as: sub = '', for: duration = '10m', base = '', kid, config: file } = values
  if (address === undefined || more.length > 0) throw misused('sign takes one address, such as /camera/1.')
  if (!address.startsWith('/')) throw misused(`The address begins with a slash, as /camera/1 does, not ${JSON.stringify(address)}. What goes in front of it is --base.`)
  if (!PICTURES.test(address)) throw misused(`A link opens pictures only: /camera/ID, /camera/ID/snapshot, /video_feed or /wall?cameras=ID,ID, not ${JSON.stringify(address)}.`)
  if (/^\/+wall/.test(address) && !/[?&]cameras=[^&]/.test(address)) throw misused(`A link to /wall lists its cameras, as in '/wall?cameras=1,2', not ${JSON.stringify(address)}.`)
  if (sub === '') throw misused('For whom is the link? Say it with --as USER.')
  if (base !== '' && !/^https?:\/\/[^/?#]+[^?#]*$/.test(base)) throw misused(`--base is what browsers need in front of the address, such as https://cams.example.org, not ${JSON.stringify(base)}.`)
  return { address, sub, base: base.replace(/\/+$/, ''), kid, file, lifetimeS: secondsOf(duration) }
}

/** Returns the whole link, and when it expires. @throws {CamgateError} USAGE, if it is not clear with which of the keys */
export function signFor ({ address, sub, lifetimeS, base, kid }: SignOptions, keys: ReadonlyMap<string, string>, nowMs: number): { link: string, expires: string } {
  const names = [...keys.keys()].join(', ')
  if (kid === undefined && keys.size > 1) throw misused(`There are several keys: ${names}. Choose one with --kid.`)
  const [chosen = ''] = kid === undefined ? keys.keys() : [kid]
  const key = keys.get(chosen)
  if (key === undefined) throw misused(`There is no key ${JSON.stringify(chosen)}. The keys are: ${names}.`)
  const iat = Math.floor(nowMs / 1000)
  const exp = iat + lifetimeS
  return { link: base + signLink(address, { kid: chosen, sub, iat, exp }, key), expires: new Date(exp * 1000).toISOString() }
}

function secondsOf (duration: string): number {
  const seconds = (durationMs(duration) ?? 0) / 1_000
  if (seconds > 0 && seconds <= MAX_LINK_LIFETIME_S) return seconds
  throw misused(`--for is a time such as 90s, 10m, 2h or 1d, and at most ${MAX_LINK_LIFETIME_S / SECONDS_PER_DAY}d, not ${JSON.stringify(duration)}.`)
}

const misused = (problem: string) => new CamgateError('USAGE', `${problem}\n\n${usage}`)
