import { CamgateError } from '../errors.js'
import { resolveControl } from '../rtsp/control.js'

/** Where a camera is, taken from its URL, which carries no credentials. */
export interface CameraAddress {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Within TLS: `rtsps`, `https`. */
  readonly tls: boolean
  /** Whether a certificate that nobody vouches for will do. */
  readonly allowSelfSigned: boolean
}

const ports = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 } as const

/** Undefined when it is no RTSP or HTTP URL, with a host and a port that can be. */
export function addressOf (url: string, allowSelfSigned: boolean): CameraAddress | undefined {
  const [, scheme, authority = ''] = /^(rtsps?:|https?:)\/\/([^/?#]*)/i.exec(url) ?? []
  if (!scheme) return undefined
  const [, within, name, digits] = /^(?:\[([^\]\s]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? []
  const host = within ?? name
  const kind = scheme.toLowerCase() as keyof typeof ports
  const port = Number(digits ?? ports[kind])
  if (host === undefined || port > 65_535) return undefined
  return { url, host, port, tls: kind.endsWith('s:'), allowSelfSigned }
}

/** As HTTP's Host has it. */
export function hostHeader ({ url, host, port }: CameraAddress): string {
  const name = host.includes(':') ? `[${host}]` : host
  const [, scheme] = /^([a-z]+:)/i.exec(url)!
  return ports[scheme!.toLowerCase() as keyof typeof ports] === port ? name : `${name}:${port}`
}

/** Where the camera sends us. Throws BAD_REDIRECT: the way must stay as safe, and a password is for the host that it was given for. */
export function redirected (from: CameraAddress, location: string, hasPassword: boolean): CameraAddress {
  const to = addressOf(location, from.allowSelfSigned)
  if (!to || protocolOf(to) !== protocolOf(from) || (from.tls && !to.tls)) throw new CamgateError('BAD_REDIRECT', 'the camera sends us to an address that is none, or not as safe')
  if (hasPassword && to.host.toLowerCase() !== from.host.toLowerCase()) {
    throw new CamgateError('BAD_REDIRECT', 'the camera sends us to another host, which is not given the password')
  }
  const isSamePort = to.port === from.port || (to.tls && to.port === 443 && from.port === 80)
  if (hasPassword && protocolOf(from) === 'http' && !isSamePort) { // another program may serve it, and Basic would tell it all
    throw new CamgateError('BAD_REDIRECT', 'the camera sends us to another port, which is not given the password')
  }
  return to
}

const protocolOf = ({ url }: CameraAddress): string => url.slice(0, 4).toLowerCase()

/** A Content-Base that names another host is wrong, or the camera's address within: cameras behind NAT know only that one. */
export const reachable = (base: string, { url }: CameraAddress): string => resolveControl(url, /^rtsps?:\/\//i.test(base) ? base : undefined)
