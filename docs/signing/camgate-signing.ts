// Signs addresses of camgate, for <img>: docs/http.md, "Signed URLs". For servers: Node, Bun, Deno. Needs no package; copy it into your project.
import { createHmac } from 'node:crypto'

export interface SigningOptions { key: string, kid?: string, seconds?: number, base?: string, now?: number }

/** Returns base + address, such as "/camera/1?fps=5", signed for the user `sub` and good for `seconds` from `now` (by default, the time in seconds). */
export function camgateUrl (address: string, sub: string, { key, kid = 'k1', seconds = 600, base = '', now = Date.now() / 1000 }: SigningOptions): string {
  if (!sub) throw new TypeError('camgateUrl needs a user')
  const [before = '', ...after] = address.split('?')
  const path = '/' + before.split('/').filter(Boolean).map(part => encode(decodeURIComponent(part))).join('/')
  const iat = Math.floor(now)
  const own = { exp: String(iat + seconds), iat: String(iat), kid, sub }
  const given = [...new URLSearchParams(after.join('?'))].filter(([name]) => ![...Object.keys(own), 'sig'].includes(name))
  const query = [...given, ...Object.entries(own)].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&')
  const sig = createHmac('sha256', key).update(`camgate1\nGET\n${path}\n${query}`).digest('base64url')
  return `${base.replace(/\/+$/, '')}${path}?${query}&sig=${sig}`
}

function encode (text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, sign => '%' + sign.charCodeAt(0).toString(16).toUpperCase())
}
