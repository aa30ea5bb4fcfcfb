import { CamgateError } from '../errors.js'
import type { Fault } from './fault.js'

export const faultSyntax = 'refuse, silent, unauthorized, not-found, busy, stall:AFTER, cut:AFTER, garbage:AFTER, ' +
  'corrupt:AFTER:NTH, resize:AFTER:WIDTHxHEIGHT, codec:AFTER, clock:EVERY:BY or away:UP:DOWN, with times in seconds'

/** A fault as the command line writes it: `stall:5`, `resize:5:640x360`. Throws USAGE. */
export function parseFault (text: string): Fault {
  const [kind, ...rest] = text.split(':')
  const times = rest.slice(0, kind === 'resize' ? 1 : 2).map(seconds)
  const wrong = new CamgateError('USAGE', `--fault: expected ${faultSyntax}; received ${JSON.stringify(text)}.`)
  if (times.includes(null)) throw wrong
  const [first, second] = times as number[]
  switch (kind) {
    case 'refuse':
    case 'silent':
    case 'unauthorized':
    case 'not-found':
    case 'busy':
      if (rest.length === 0) return { kind }
      break
    case 'stall':
    case 'cut':
    case 'garbage':
    case 'codec':
      if (rest.length === 1 && first !== undefined) return { kind, after: first }
      break
    case 'resize': {
      const size = /^(\d{1,5})x(\d{1,5})$/.exec(rest[1] ?? '')
      if (rest.length === 2 && first !== undefined && size) {
        return { kind, after: first, width: Number(size[1]), height: Number(size[2]) }
      }
      break
    }
    case 'corrupt':
      if (rest.length === 2 && first !== undefined && second && Number.isInteger(second)) return { kind, after: first, every: second }
      break
    case 'clock':
      if (rest.length === 2 && first && second) return { kind, every: first, by: second }
      break
    case 'away': if (rest.length === 2 && first && second) return { kind, up: first, down: second }
  }
  throw wrong
}

const seconds = (text: string): number | null => /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : null
