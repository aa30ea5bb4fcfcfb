import { CamgateError } from '../errors.js'
import { resolveControl } from '../rtsp/control.js'
import { DEFAULT_PORTS } from '../text/host-port.js'
import { canonicalHost, hostInUrl, isLoopback } from '../text/host.js'

/** A camera's network address, from its URL, which contains no credentials. */
export interface CameraAddress {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Its IP address, if it must stay the same. */
  readonly ip?: string
  /** `rtsps` or `https`. */
  readonly tls: boolean
  /** Whether to accept a certificate that no authority has signed. */
  readonly allowSelfSigned: boolean
}

/** Undefined if the URL is not one of RTSP or HTTP with a valid host and port. */
export function addressOf (url: string, allowSelfSigned: boolean): CameraAddress | undefined {
  const [, scheme, authority = ''] = /^(rtsps?:|https?:)\/\/([^/?#]*)/i.exec(url) ?? []
  if (!scheme) return undefined
  const [, within, name, digits] = /^(?:\[([^\]\s]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? []
  const host = within ?? name
  const kind = scheme.toLowerCase() as keyof typeof DEFAULT_PORTS
  const port = Number(digits ?? DEFAULT_PORTS[kind])
  if (host === undefined || port > 65_535) return undefined
  return { url, host, port, tls: kind.endsWith('s:'), allowSelfSigned }
}

/** The value of HTTP's Host header. */
export function hostHeader ({ url, host, port }: CameraAddress): string {
  const name = hostInUrl(host)
  const [, scheme] = /^([a-z]+:)/i.exec(url)!
  return DEFAULT_PORTS[scheme!.toLowerCase() as keyof typeof DEFAULT_PORTS] === port ? name : `${name}:${port}`
}

export const MAX_REDIRECTS = 3

/** The IP addresses of both ends of the connection that sent a redirect. */
export interface Ends { readonly remoteAddress: string, readonly localAddress: string }

/**
 * The address that a camera redirects to. It must be the camera's own: the same host, at the IP address already in use, so that DNS cannot lead
 * elsewhere. Otherwise a hijacked camera could make us call other machines on this network, or this one. With a password, only the path may
 * change. Throws BAD_REDIRECT.
 */
export function redirected (from: CameraAddress, location: string, hasPassword: boolean, { remoteAddress, localAddress }: Ends): CameraAddress {
  const to = addressOf(location, from.allowSelfSigned)
  if (!to || protocolOf(to) !== protocolOf(from)) throw badRedirect('to something other than a camera\'s address')
  if (from.tls && !to.tls) throw badRedirect('out of TLS, which is not as safe')
  if (canonicalHost(to.host) !== canonicalHost(from.host)) throw badRedirect(`to another host${isPunycode(to.host) ? '' : ` (${to.host})`}`)
  const isHere = isLoopback(remoteAddress) || canonicalHost(remoteAddress) === canonicalHost(localAddress)
  if (to.port !== from.port && (hasPassword || isHere)) throw badRedirect(`to another port (${to.port})`)
  if (to.tls !== from.tls && hasPassword) throw badRedirect('into TLS')
  return { ...to, ip: canonicalHost(remoteAddress) }
}

const badRedirect = (where: string) => new CamgateError('BAD_REDIRECT', `The camera redirects ${where}, which camgate does not follow; if that is right, write that address.`)

/** We convert to Punycode ourselves, so redaction would not find a secret in it. */
const isPunycode = (host: string): boolean => /(^|\.)xn--/i.test(host)
const protocolOf = ({ url }: CameraAddress): string => url.slice(0, 4).toLowerCase()

/** A Content-Base with another host is wrong, or holds the camera's internal address: a camera behind NAT has no other. */
export const reachable = (base: string, { url }: CameraAddress): string => resolveControl(url, /^rtsps?:\/\//i.test(base) ? base : undefined)
