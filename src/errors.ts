/**
 * An error that a person can act on: `message` says what happened, to which camera or file, and what to do;
 * `code` lets a program tell one from another. What is not a CamgateError is a defect.
 */
export class CamgateError extends Error {
  readonly code: string

  constructor (code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => thrown instanceof Error ? thrown.message : String(thrown)
