import { CamgateError } from '../errors.js'

/** A place in the file; both count from 1, columns in characters. */
export interface At {
  line: number
  column: number
}

/** One thing to correct. The message says what was expected and what was received, and never quotes a secret. */
export interface Fault extends At {
  message: string
}

/** Notes a fault and lets the reading go on, so that all of them are reported together. */
export type Report = (at: At, message: string) => void

/** So many faults are told; a file that has more is mostly not the file that was meant. */
const TOLD = 100

/** The configuration cannot be used. `message` is for a person, as it is; `faults` are all of them, in the order of the file. */
export class ConfigError extends CamgateError {
  readonly faults: readonly Fault[]

  constructor (file: string, faults: readonly Fault[]) {
    const sorted = inOrder(faults)
    const count = sorted.length === 1 ? 'a fault' : `${sorted.length} faults`
    super('CONFIG', [
      `${file} has ${count}:`,
      ...sorted.slice(0, TOLD).map(({ line, column, message }) => `  ${file}:${line}:${column}: ${message}`),
      ...sorted.length > TOLD ? [`  and ${sorted.length - TOLD} more, further down`] : []
    ].join('\n'))
    this.faults = sorted
  }
}

/** The same place read twice (through an alias, or as a default of many cameras) is one fault. */
function inOrder (faults: readonly Fault[]): Fault[] {
  const once = new Map(faults.map(fault => [`${fault.line}:${fault.column}:${fault.message}`, fault]))
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}

/** Text as a message shows it: quoted, on one line, not too long. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
