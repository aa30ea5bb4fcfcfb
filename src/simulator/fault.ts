/** How a simulated camera misbehaves. Times are seconds, sizes pixels. */
export type Fault =
  | { kind: 'refuse' }                       // connection refused
  | { kind: 'silent' }                       // accepts, never answers
  | { kind: 'unauthorized' }                 // every password is wrong
  | { kind: 'not-found' }                    // 404
  | { kind: 'busy' }                         // 453
  | { kind: 'stall', after: number }         // pictures, then none, connection stays
  | { kind: 'cut', after: number }           // pictures, then the connection ends in mid-packet
  | { kind: 'garbage', after: number }       // pictures, then random bytes for picture payloads
  | { kind: 'resize', after: number, width: number, height: number } // pictures, then pictures of another size
  | { kind: 'away', up: number, down: number } // comes and goes

export type Spoiling = 'stall' | 'cut' | 'garbage' | 'resize'

/** What happens to the pictures of a client that has had them, with this fault, for `seconds`. */
export function spoilingAfter (fault: Fault | null, seconds: number): Spoiling | null {
  switch (fault?.kind) {
    case 'stall':
    case 'cut':
    case 'garbage':
    case 'resize': return seconds >= fault.after ? fault.kind : null
    default: return null
  }
}

/** The status with which a faulty camera answers a method, RFC 2326 section 7.1.1; null when it answers as ever. */
export function refusalOf (fault: Fault | null, method: string): 401 | 404 | 453 | null {
  switch (fault?.kind) {
    case 'unauthorized': return 401
    case 'not-found': return 404
    case 'busy': return method === 'SETUP' ? 453 : null
    default: return null
  }
}
