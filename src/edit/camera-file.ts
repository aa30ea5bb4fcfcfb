import { createHmac, randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { MAX_READ_BYTES, readFileAtMost } from '../config/load.js'
import type { Camera, Registry } from '../config/registry.js'
import { camerasVocabulary } from '../config/vocabulary.js'
import { CamgateError, messageOf } from '../errors.js'
import { ConfigError } from '../yaml/diagnostic.js'
import { editText, readEdited, readWritten } from '../yaml/edit/edit.js'
import { CannotEdit } from '../yaml/edit/nodes.js'
import { plainOf, type PlainMap } from '../yaml/edit/plain.js'
import { renderLines } from '../yaml/edit/render.js'
import type { MapValue } from '../yaml/value.js'
import { faultsOf } from './faults.js'
import { InvalidCamera, NotWritable } from './refusals.js'
import { unsafeFaults, type Version } from './safety.js'
import { isSet, writtenCamera, type WrittenCamera } from './shown.js'
import { ABSENT, wantedCamera } from './wanted.js'
import { writeConfiguration } from './write-file.js'

export interface CameraFileParts {
  readonly file: string
  /** Parses a text as if it were in the file. @throws {ConfigError} */
  readonly check: (text: string) => Registry
  /** Puts in force what the file has now. @throws {CamgateError} CONFIG */
  readonly reload: () => Promise<{ readonly changes: readonly string[], readonly restartNeeded: readonly string[] }>
  readonly write?: (file: string, text: string) => Promise<void>
}

/** A camera of the file as people may see it, without secrets. */
export interface CameraEntry {
  readonly id: string
  /** Changes with any of its values, secrets included. */
  readonly etag: string
  readonly camera: PlainMap
}

export interface Changed {
  /** Undefined if the camera was removed. */
  readonly entry: CameraEntry | undefined
  /** What is in force now, in words. */
  readonly changes: readonly string[]
  readonly restartNeeded: readonly string[]
}

interface Read { readonly text: string, readonly root: MapValue, readonly cameras: MapValue['entries'], readonly registry: Registry }

/** The cameras in the text of `cameras.yaml`, to read and to change. */
export class CameraFile {
  readonly #parts: CameraFileParts
  /** Without a key, anybody who has an ETag could try passwords against it. */
  readonly #etagKey = randomBytes(32)
  #turn: Promise<unknown> = Promise.resolve()
  /** The file as it was last read. */
  #last: Read | undefined

  constructor (parts: CameraFileParts) {
    this.#parts = parts
  }

  /** In the order of the file. @throws {CamgateError} NOT_EDITABLE */
  async list (): Promise<CameraEntry[]> {
    const { cameras } = await this.#read()
    return [...cameras].map(([id, { value }]) => this.#entry(id, writtenCamera(value)))
  }

  /**
   * Changes one camera, and puts the change in force. Nothing has changed if it throws.
   *
   * @param decide receives the camera, undefined if there is none; returns what it is to be, or undefined to remove it. If it throws, the camera stays as it is.
   * @throws {CamgateError} NOT_EDITABLE, NOT_WRITABLE, PRECONDITION_FAILED; an InvalidCamera with what is wrong
   */
  change (id: string, decide: (current: CameraEntry | undefined) => PlainMap | undefined): Promise<Changed> {
    const changed = this.#turn.then(() => this.#change(id, decide))
    this.#turn = changed.catch(() => {})
    return changed
  }

  async #change (id: string, decide: (current: CameraEntry | undefined) => PlainMap | undefined): Promise<Changed> {
    const { file, reload, write = writeConfiguration } = this.#parts
    const read = await this.#read()
    const found = read.cameras.get(id)
    const before = found && writtenCamera(found.value)
    const sent = decide(before && this.#entry(id, before))
    const wanted = sent && wantedCamera(id, before ?? ABSENT, sent)
    const after = await this.#edited(id, read, before, wanted, sent)
    const { text } = after
    if (text !== read.text && textOf(file) !== read.text) throw new CamgateError('PRECONDITION_FAILED', 'Somebody has changed the file at the same moment, and nothing was overwritten: read it again.')
    if (text !== read.text) await write(file, text).catch((error: unknown) => { throw withYaml(error, id, after, wanted) })
    try {
      const { changes, restartNeeded } = await reload()
      this.#last = after
      const value = after.cameras.get(id)?.value
      return { entry: value && this.#entry(id, writtenCamera(value)), changes, restartNeeded }
    } catch (error) {
      if (text !== read.text && textOf(file) === text) await write(file, read.text) // otherwise somebody has mended it
      throw error instanceof CamgateError ? new CamgateError('NOT_EDITABLE', `The change was taken back, because it cannot be put in force: ${error.message}`, { cause: error }) : error
    }
  }

  /** The file as wanted, checked whole. With 500 cameras, each step takes tens of milliseconds; pictures go out in between. */
  async #edited (id: string, read: Read, before: WrittenCamera | undefined, wanted: PlainMap | undefined, sent: PlainMap | undefined): Promise<Read> {
    const plain = plainOf(read.root) as PlainMap
    const cameras = withCamera(plain.cameras as PlainMap, id, before, wanted)
    try {
      const text = editText(read.text, plain, { ...plain, cameras }, 'source')
      await setImmediate()
      const root = readEdited(text, { ...plain, cameras }, camerasVocabulary)
      await setImmediate()
      const after = { text, root, cameras: camerasOf(root), registry: this.#parts.check(text) }
      const faults = wanted && sent ? unsafeFaults(id, versionsIn(read), versionOf(after, after.registry.cameras.find(camera => camera.id === id)!), sent) : []
      if (faults.length > 0) throw new InvalidCamera(id, faults)
      return after
    } catch (error) {
      if (error instanceof ConfigError) throw new InvalidCamera(id, faultsOf(id, error))
      if (error instanceof CamgateError && error.code === 'CONFIG') throw new CamgateError('NOT_EDITABLE', `The camera ${id} was not changed: ${error.message}`, { cause: error })
      if (error instanceof CannotEdit) throw new CamgateError('NOT_EDITABLE', `The camera ${id} cannot be changed from here: ${error.message}. Change it in the file itself.`, { cause: error })
      throw error
    }
  }

  async #read (): Promise<Read> {
    const { file, check } = this.#parts
    try {
      const text = textOf(file)
      if (text === this.#last?.text) return this.#last
      const registry = check(text)
      await setImmediate()
      const root = readWritten(text, camerasVocabulary)
      this.#last = { text, root, cameras: camerasOf(root), registry }
      return this.#last
    } catch (error) {
      throw new CamgateError('NOT_EDITABLE', `The cameras cannot be changed here, because ${file} cannot be used as it is: put it right by hand first. ${messageOf(error)}`, { cause: error })
    }
  }

  #entry (id: string, { written, shown }: WrittenCamera): CameraEntry {
    const etag = createHmac('sha256', this.#etagKey).update(JSON.stringify([id, written])).digest('base64url').slice(0, 22)
    return { id, etag, camera: shown }
  }
}

const textOf = (file: string): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileAtMost(file, MAX_READ_BYTES))

function camerasOf (root: MapValue): MapValue['entries'] {
  const cameras = root.entries.get('cameras')?.value
  if (cameras?.kind !== 'map') throw new CannotEdit('the file has no cameras')
  return cameras.entries
}

const versionOf = ({ cameras }: Read, camera: Camera): Version => ({ camera, written: writtenCamera(cameras.get(camera.id)!.value).written })
const versionsIn = (read: Read): Map<string, Version> => new Map(read.registry.cameras.map(camera => [camera.id, versionOf(read, camera)]))

/** The cameras of the file with this one as wanted, or without it. */
function withCamera (cameras: PlainMap, id: string, before: WrittenCamera | undefined, wanted: PlainMap | undefined): PlainMap {
  const others = Object.entries(cameras).filter(([other]) => other !== id)
  if (!wanted && others.length === 0) throw new CamgateError('NOT_EDITABLE', `${id} is the last camera, and camgate needs one: add another first.`)
  const isShort = (before ?? ABSENT).isShort && wanted !== undefined && Object.keys(wanted).join() === 'source' && typeof wanted.source === 'string'
  return Object.fromEntries([...others, ...wanted ? [[id, isShort ? wanted.source! : wanted] as const] : []])
}

/** Adds to the refusal what a person can write into the file. */
function withYaml (error: unknown, id: string, { cameras }: Read, wanted: PlainMap | undefined): unknown {
  const value = cameras.get(id)?.value
  if (!(error instanceof CamgateError) || error.code !== 'NOT_WRITABLE' || !wanted || !value) return error
  const shown = Object.entries(writtenCamera(value).shown).filter(([, each]) => !isSet(each))
  return new NotWritable(error.message, ['cameras:', ...renderLines(id, Object.fromEntries(shown), '  ', 2), ''].join('\n'), { cause: error })
}
