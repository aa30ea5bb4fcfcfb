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
  | { kind: 'corrupt', after: number, every: number } // pictures, then some bytes of every so many-th are wrong
  | { kind: 'resize', after: number, width: number, height: number } // pictures, then pictures of another size
  | { kind: 'codec', after: number }         // pictures, then the connection ends, and the other codec is all there is
  | { kind: 'clock', every: number, by: number } // its clock jumps ahead and back again
  | { kind: 'away', up: number, down: number } // comes and goes

export type PictureFault = 'stall' | 'cut' | 'garbage' | 'corrupt' | 'resize' | 'codec'

/** What happens to picture `index` of a client that has had pictures, with this fault, for `seconds`. */
export function pictureFaultAfter (fault: Fault | null, seconds: number, index: number): PictureFault | null {
  switch (fault?.kind) {
    case 'stall':
    case 'cut':
    case 'garbage':
    case 'resize':
    case 'codec': return seconds >= fault.after ? fault.kind : null
    case 'corrupt': return seconds >= fault.after && index % fault.every === 0 ? fault.kind : null
    default: return null
  }
}

/** How many seconds the camera's clock is ahead, for such a client. */
export const clockError = (fault: Fault | null, seconds: number): number =>
  fault?.kind === 'clock' && Math.floor(seconds / fault.every) % 2 === 1 ? fault.by : 0

/** The status with which a faulty camera answers a method, RFC 2326 section 7.1.1; null when it answers as ever. */
export function refusalOf (fault: Fault | null, method: string): 401 | 404 | 453 | null {
  switch (fault?.kind) {
    case 'unauthorized': return 401
    case 'not-found': return 404
    case 'busy': return method === 'SETUP' ? 453 : null
    default: return null
  }
}
