import { idFrom } from '../config/vocabulary.js'
import { CamgateError } from '../errors.js'
import { printable } from '../text/printable.js'

/** A file of another program. It is read, and nothing in it is run. */
export interface ForeignFile {
  readonly path: string
  readonly text: string
  /** A file that this one names; undefined if there is none, or it cannot be read. */
  open (path: string): ForeignFile | undefined
  /** The *.conf files of a folder that this one names. */
  list (folder: string): ForeignFile[]
}

export interface Place {
  readonly file: string
  readonly line: number
}

/** What could not be taken over, and why. It quotes no address and no password. */
export interface Remark extends Place {
  readonly message: string
}

/** A camera's keys, as text of cameras.yaml: a literal `${` is written `$${`. */
export interface ImportedKeys {
  name?: string
  source: string | { type: string, [key: string]: string | number | boolean }
  substream?: string
  username?: string
  password?: string
  transport?: 'tcp' | 'udp'
  onvif?: string
  fps?: number
  width?: number
  height?: number
  quality?: string
  rotate?: number
  flip?: 'horizontal' | 'vertical'
  onDemand?: boolean
  enabled?: boolean
}

export interface ImportedCamera { readonly keys: ImportedKeys, readonly at: Place }

const MAX_NAME_CHARS = 100
const VALID_ID = /^[A-Za-z0-9_-]{1,64}$/

/** What an importer has found: cameras by their id, in the order of the file, and what it could not take over. */
export class Imported {
  readonly cameras = new Map<string, ImportedCamera>()
  readonly remarks: Remark[] = []

  /** Adds a camera. An id that camgate does not allow becomes its name, and an id that is taken gets a number. */
  add (written: string, { name, ...keys }: ImportedKeys, at: Place): void {
    const wish = VALID_ID.test(written) ? written : idFrom(written) || `camera${this.cameras.size + 1}`
    let id = wish
    for (let number = 2; this.cameras.has(id); number++) id = `${wish.slice(0, 60)}-${number}`
    const shown = nameFrom(name ?? (wish === written ? '' : written))
    this.cameras.set(id, { keys: { ...shown && shown !== id && { name: shown }, ...keys }, at })
  }

  remark ({ file, line }: Place, message: string): void {
    this.remarks.push({ file, line, message: printable(message) }) // it may quote a key of the file
  }
}

/** A name that camgate allows, in one line and without characters that would change a terminal. */
export const nameFrom = (text: string): string => printable(text).replace(/\$+\{/g, '{').trim().slice(0, MAX_NAME_CHARS)

/** The file is not what it was taken for, or too odd to be read. */
export const unreadable = ({ file, line }: Place, problem: string): CamgateError => new CamgateError('IMPORT', `${file}:${line}: ${problem}`)
