/** Where a camera is, taken from its URL, which carries no credentials. */
export interface CameraAddress {
  readonly url: string
  readonly host: string
  readonly port: number
  /** RTSP within TLS: `rtsps`. */
  readonly tls: boolean
  /** Whether a certificate that nobody vouches for will do. */
  readonly allowSelfSigned: boolean
}

const ports = { 'rtsp:': 554, 'rtsps:': 322 } as const

/** Undefined when it is no RTSP URL, with a host and a port that can be. */
export function addressOf (url: string, allowSelfSigned: boolean): CameraAddress | undefined {
  const [, scheme, authority = ''] = /^(rtsps?:)\/\/([^/?#]*)/i.exec(url) ?? []
  if (!scheme) return undefined
  const [, within, name, digits] = /^(?:\[([^\]\s]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? []
  const host = within ?? name
  const kind = scheme.toLowerCase() as keyof typeof ports
  const port = Number(digits ?? ports[kind])
  if (host === undefined || port > 65_535) return undefined
  return { url, host, port, tls: kind === 'rtsps:', allowSelfSigned }
}
