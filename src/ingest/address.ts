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

/** Undefined when it is no RTSP URL. */
export function addressOf (url: string, allowSelfSigned: boolean): CameraAddress | undefined {
  const [, scheme, authority = ''] = /^(rtsps?:)\/\/([^/?#]*)/i.exec(url) ?? []
  const [, host, port] = /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority) ?? []
  if (!scheme || !host) return undefined
  const kind = scheme.toLowerCase() as keyof typeof ports
  return { url, host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? ports[kind]), tls: kind === 'rtsps:', allowSelfSigned }
}
