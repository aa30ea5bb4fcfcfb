import { MAX_LINK_LIFETIME_S, signLink } from '../access/link.js'
import { CamgateError } from '../errors.js'
import { parseOptions } from './options.js'

export const signUsage = `
  camgate sign /camera/1 --as USER [--for 10m] [--kid KEY] [--base https://cams.example.org] [--config FILE]

Prints the address with a signature that opens it until it expires. The keys are server.auth.links in cameras.yaml; where there are none, the key is
CAMGATE_LINK_KEY. USER may be any name; a user of cameras.yaml sees only their own cameras. '/wall?cameras=1,2' is for a page's WebSocket.
`
const SECONDS_PER = { s: 1, m: 60, h: 3_600, d: 86_400 } as const
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

/** @throws {CamgateError} USAGE */
export function parseSignOptions (args: string[]): SignOptions {
  const { positionals: [address, ...more], values } = parseOptions({
    args, allowPositionals: true, options: { as: text, for: text, kid: text, base: text, config: { type: 'string', short: 'c' } }
  }, signUsage)
  const { as: sub = '', for: duration = '10m', base = '', kid, config: file } = values
  if (address === undefined || more.length > 0) throw usage('sign takes one address, such as /camera/1.')
  if (!address.startsWith('/')) throw usage(`The address begins with a slash, as /camera/1 does, not ${JSON.stringify(address)}. What goes in front of it is --base.`)
  if (!PICTURES.test(address)) throw usage(`A link opens pictures only: /camera/ID, /camera/ID/snapshot, /video_feed or /wall?cameras=ID,ID, not ${JSON.stringify(address)}.`)
  if (/^\/+wall/.test(address) && !/[?&]cameras=[^&]/.test(address)) throw usage(`A link to /wall lists its cameras, as in '/wall?cameras=1,2', not ${JSON.stringify(address)}.`)
  if (sub === '') throw usage('For whom is the link? Say it with --as USER.')
  if (base !== '' && !/^https?:\/\/[^/?#]+[^?#]*$/.test(base)) throw usage(`--base is what browsers need in front of the address, such as https://cams.example.org, not ${JSON.stringify(base)}.`)
  return { address, sub, base: base.replace(/\/+$/, ''), kid, file, lifetimeS: secondsOf(duration) }
}

/** Returns the whole link. @throws {CamgateError} USAGE, if it is not clear with which of the keys */
export function signFor ({ address, sub, lifetimeS, base, kid }: SignOptions, keys: ReadonlyMap<string, string>, nowMs: number): string {
  const names = [...keys.keys()].join(', ')
  if (kid === undefined && keys.size > 1) throw usage(`There are several keys: ${names}. Choose one with --kid.`)
  const [chosen = ''] = kid === undefined ? keys.keys() : [kid]
  const key = keys.get(chosen)
  if (key === undefined) throw usage(`There is no key ${JSON.stringify(chosen)}. The keys are: ${names}.`)
  const iat = Math.floor(nowMs / 1000)
  return base + signLink(address, { kid: chosen, sub, iat, exp: iat + lifetimeS }, key)
}

function secondsOf (duration: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(duration) ?? []
  const seconds = Number(count) * (unit ? SECONDS_PER[unit as keyof typeof SECONDS_PER] : NaN)
  if (seconds > 0 && seconds <= MAX_LINK_LIFETIME_S) return seconds
  throw usage(`--for is a time such as 90s, 10m, 2h or 1d, and at most ${MAX_LINK_LIFETIME_S / SECONDS_PER.d}d, not ${JSON.stringify(duration)}.`)
}

const usage = (problem: string) => new CamgateError('USAGE', `${problem}\n${signUsage}`)
