import { CamgateError } from '../errors.js'

/** A position in the file; both count from 1, columns in characters. */
export interface At {
  line: number
  column: number
}

/** One mistake in the file. The message says what was expected and what was received, and never quotes a secret. */
export interface Diagnostic extends At {
  message: string
}

/** Records a mistake. Reading continues, so that all of them are reported together. */
export type Report = (at: At, message: string) => void

/** A file with more mistakes than this is usually not the intended file. */
const MAX_LISTED = 100

/** The file cannot be used. `message` is for a person; `diagnostics` holds every mistake, in the order of the file. */
export class ConfigError extends CamgateError {
  readonly diagnostics: readonly Diagnostic[]

  constructor (file: string, diagnostics: readonly Diagnostic[]) {
    const sorted = inOrder(diagnostics)
    super('CONFIG', listed(file, sorted, 'fault'))
    this.diagnostics = sorted
  }
}

/** A heading, and a line for each diagnostic; they must be in order. */
export function listed (file: string, diagnostics: readonly Diagnostic[], noun: string): string {
  return [
    `${file} has ${diagnostics.length === 1 ? `a ${noun}` : `${diagnostics.length} ${noun}s`}:`,
    ...diagnostics.slice(0, MAX_LISTED).map(diagnostic => `  ${inPlace(file, diagnostic)}`),
    ...diagnostics.length > MAX_LISTED ? [`  and ${diagnostics.length - MAX_LISTED} more, further down`] : []
  ].join('\n')
}

export const inPlace = (file: string, { line, column, message }: Diagnostic): string => `${file}:${line}:${column}: ${message}`

/** Sorts by position. A place that was read twice (through an alias, or as a default of many cameras) is listed once. */
export function inOrder (diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const once = new Map(diagnostics.map(diagnostic => [inPlace('', diagnostic), diagnostic]))
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}
