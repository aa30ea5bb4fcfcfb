/**
 * An error that a person can act on: `message` says what happened, to which camera or file, and what to do;
 * `code` lets a program tell one from another. What is neither a CamgateError nor reported by the system with a code is a defect.
 */
export class CamgateError extends Error {
  readonly code: string

  constructor (code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** What was thrown, if it is a mistake in camgate: nobody gave it a code, or it is one that JavaScript itself throws. */
export function defectOf (thrown: unknown): Error | undefined {
  if (!(thrown instanceof Error)) return new Error(String(thrown))
  const isOfTheLanguage = [TypeError, RangeError, ReferenceError, SyntaxError].some(kind => thrown instanceof kind)
  return isOfTheLanguage || !('code' in thrown) ? thrown : undefined
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => thrown instanceof Error ? thrown.message : String(thrown)
