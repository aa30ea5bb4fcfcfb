import { CamgateError } from '../errors.js'
import { unprintable } from '../sources/source.js'

/** A place in the file; both count from 1, columns in characters. */
export interface At {
  line: number
  column: number
}

/** One thing to correct. The message says what was expected and what was received, and never quotes a secret. */
export interface Diagnostic extends At {
  message: string
}

/** Notes a fault and lets the reading go on, so that all of them are reported together. */
export type Report = (at: At, message: string) => void

/** So many faults are told; a file that has more is mostly not the file that was meant. */
const TOLD = 100

/** The configuration cannot be used. `message` is for a person, as it is; `faults` are all of them, in the order of the file. */
export class ConfigError extends CamgateError {
  readonly faults: readonly Diagnostic[]

  constructor (file: string, faults: readonly Diagnostic[]) {
    const sorted = inOrder(faults)
    super('CONFIG', listed(file, sorted, 'fault'))
    this.faults = sorted
  }
}

/** A heading and a line for each of some faults or warnings, which are in order. */
export function listed (file: string, faults: readonly Diagnostic[], noun: string): string {
  return [
    `${file} has ${faults.length === 1 ? `a ${noun}` : `${faults.length} ${noun}s`}:`,
    ...faults.slice(0, TOLD).map(fault => `  ${inPlace(file, fault)}`),
    ...faults.length > TOLD ? [`  and ${faults.length - TOLD} more, further down`] : []
  ].join('\n')
}

export const inPlace = (file: string, { line, column, message }: Diagnostic): string => `${file}:${line}:${column}: ${message}`

/** The same place read twice (through an alias, or as a default of many cameras) is one fault. */
export function inOrder (faults: readonly Diagnostic[]): Diagnostic[] {
  const once = new Map(faults.map(fault => [`${fault.line}:${fault.column}:${fault.message}`, fault]))
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}

/** Text as a message shows it: quoted, on one line, not too long, and with no character that hides or turns what stands around it. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
  .replace(new RegExp(`[${unprintable}]`, 'g'), char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
