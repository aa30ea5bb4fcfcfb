/** One spelling for each address: `127.1`, `0x7f000001`, `::ffff:127.0.0.1` and `127.0.0.1.` are all `127.0.0.1`. */
export function canonicalHost (host: string): string {
  const bare = host.toLowerCase().replace(/\.$/, '')
  try {
    const { hostname } = new URL(`http://${bare.includes(':') ? `[${bare}]` : bare}/`)
    const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname) ?? []
    if (high === undefined || low === undefined) return hostname.replace(/^\[(.*)\]$/, '$1')
    return [high, low].flatMap(half => [parseInt(half, 16) >> 8, parseInt(half, 16) & 255]).join('.')
  } catch {
    return bare
  }
}

/** Whether an address, or the name `localhost`, is this machine: nobody can listen in on the way to it. */
export const isLoopback = (host: string): boolean => /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(canonicalHost(host))
