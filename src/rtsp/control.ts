const authority = /^(rtsps?:\/\/)([^/?#]*)/i

/**
 * The URL of a track or session: what `a=control` says, seen from the URL that the description is about.
 * A relative control is appended to the whole of it, query included, as ffmpeg, live555, gortsplib and retina do.
 * RFC 1808, to which RFC 2326 appendix C.1.1 points, would replace the last part of the path, and cameras answer that
 * with 404 (scottlamb/retina issue 9).
 */
export function resolveControl (base: string, control: string | undefined): string {
  const written = control?.trim().replace(/[^\x21-\x7e\x80-\xff]/gu, encodeURIComponent) ?? ''
  if (written === '' || written === '*') return base
  const [, scheme, host] = authority.exec(written) ?? []
  if (scheme !== undefined && host !== undefined) {
    const [, , baseHost = host] = authority.exec(base) ?? []
    // Behind an address translation a camera announces the address that it knows, which nobody reaches.
    return hostName(host) === hostName(baseHost) ? written : `${scheme}${baseHost}${written.slice(scheme.length + host.length)}`
  }
  return written.startsWith('?') ? base + written : `${base.replace(/\/$/, '')}/${written.replace(/^\//, '')}`
}

/** Without user, password and port. */
const hostName = (authority: string) => authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase()
