import { lstatSync, renameSync, writeFileSync } from 'node:fs'
import { CamgateError, messageOf } from '../../errors.js'

/** The file may hold passwords. */
const OWNER_ONLY = 0o600

/** For a file that is not to be replaced. */
export const existsAlready = (file: string): CamgateError => new CamgateError('EXISTS', `${file} exists already. --force replaces it, and keeps the old one as ${file}.old.`)

/** Writes a new file. With `force`, a file that exists is kept as FILE.old; a link, a pipe or a device is written to. @throws {CamgateError} EXISTS */
export function writeOutput (file: string, text: string, force: boolean): void {
  try {
    if (force && lstatSync(file, { throwIfNoEntry: false })?.isFile()) renameSync(file, `${file}.old`)
    writeFileSync(file, text, { flag: force ? 'w' : 'wx', mode: OWNER_ONLY })
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw exists ? existsAlready(file) : new CamgateError('EXISTS', `${file} cannot be written: ${messageOf(error)}.`)
  }
}
