import { writeFileSync } from 'node:fs'
import { CamgateError, messageOf } from '../../errors.js'

/** The file may hold passwords. */
const OWNER_ONLY = 0o600

/** Writes a new file; over one that exists only with `force`. @throws {CamgateError} EXISTS */
export function writeOutput (file: string, text: string, force: boolean): void {
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx', mode: OWNER_ONLY })
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw new CamgateError('EXISTS', exists ? `${file} exists already; --force writes over it.` : `${file} cannot be written: ${messageOf(error)}.`)
  }
}
