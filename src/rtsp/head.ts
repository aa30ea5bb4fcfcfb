import { CamgateError } from '../errors.js'

/** Header values by lower-case name, in the order of the message, one character per byte. `WWW-Authenticate` often occurs twice. */
export type Headers = ReadonlyMap<string, readonly string[]>
/** RTSP's heads are those of HTTP (RFC 2326 section 4). Error codes begin with the name: RTSP_SYNTAX, HTTP_LIMIT … */
export type Protocol = 'RTSP' | 'HTTP'
export interface HeadLimits { headerBytes: number; headers: number }

/** The lines up to the empty one; null while that has not arrived. Lines may end with CR LF or a bare LF. */
export function headOf (bytes: Buffer, limits: HeadLimits, protocol: Protocol): { lines: string[]; size: number } | null {
  const lines: string[] = []
  for (let start = 0, end = bytes.indexOf(10); end !== -1; start = end + 1, end = bytes.indexOf(10, start)) {
    if (end > limits.headerBytes) break
    const line = bytes.toString('latin1', start, bytes[end - 1] === 13 && end > start ? end - 1 : end)
    if (line === '') return { lines, size: end + 1 }
    lines.push(line)
    if (lines.length > limits.headers + 1) throw limit(protocol, `${limits.headers} headers`)
  }
  if (bytes.length > limits.headerBytes) throw limit(protocol, `${limits.headerBytes} bytes of headers`)
  return null
}

export function parseHeaders (lines: readonly string[], protocol: Protocol): Headers {
  const headers = new Map<string, string[]>()
  let last: string[] | undefined
  for (const line of lines) {
    if (/^[ \t]/.test(line) && last) { // continues the value of the line before
      if (line.trim().includes('\r')) throw syntax(protocol, 'a header with a line break in it')
      last.push(`${last.pop()} ${line.trim()}`)
      continue
    }
    const colon = line.indexOf(':')
    if (colon < 1) throw syntax(protocol, 'expected a header, "Name: value", received a line without a name')
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (value.includes('\r')) throw syntax(protocol, 'a header with a line break in it') // we may send the value back
    last = headers.get(name) ?? []
    last.push(value)
    headers.set(name, last)
  }
  return headers
}

/** The end of the empty lines at `at`, which are to be ignored. */
export function blankEnd (bytes: Buffer, at = 0): number {
  while (bytes[at] === 13 || bytes[at] === 10) at++
  return at
}

export const syntax = (protocol: Protocol, what: string) => new CamgateError(`${protocol}_SYNTAX`, `Not ${protocol}: ${what}`)
export const limit = (protocol: Protocol, what: string) => new CamgateError(`${protocol}_LIMIT`, `An ${protocol} message is larger than ${what}`)
