const AUTHORITY = /^(rtsps?:\/\/)([^/?#]*)/i

/**
 * The URL of a track or session: `a=control`, relative to the URL of the description.
 * A relative control is appended to the whole URL, query included, as ffmpeg, live555, gortsplib and retina do.
 * RFC 1808, which RFC 2326 appendix C.1.1 refers to, would replace the last part of the path, which cameras answer
 * with 404 (scottlamb/retina issue 9).
 */
export function resolveControl (base: string, control: string | undefined): string {
  const written = control?.trim().replace(/[^\x21-\x7e\x80-\xff]/gu, encodeURIComponent) ?? ''
  if (written === '' || written === '*') return base
  const [, scheme, host] = AUTHORITY.exec(written) ?? []
  if (scheme !== undefined && host !== undefined) {
    const [, , baseHost = host] = AUTHORITY.exec(base) ?? []
    // Behind NAT a camera announces its own address, which cannot be reached.
    return hostName(host) === hostName(baseHost) ? written : `${scheme}${baseHost}${written.slice(scheme.length + host.length)}`
  }
  return written.startsWith('?') ? base + written : `${base.replace(/\/$/, '')}/${written.replace(/^\//, '')}`
}

/** Without user, password and port. */
const hostName = (authority: string) => authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase()
