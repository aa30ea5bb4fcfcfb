import { dirname, resolve } from 'node:path'
import { buildCamera, reportShared, type Entry } from './camera.js'
import { check } from './check.js'
import { readDocument } from './document.js'
import { ConfigError, type Fault } from './fault.js'
import type { Camera, Registry } from './registry.js'
import { FileSchema, smallestFile, type CameraKeys, type DefaultKeys, type ServerKeys } from './schema.js'
import type { MapValue, Value } from './value.js'

export interface ParseOptions {
  /** What messages call the file; `${file:…}` is looked up beside it. */
  file: string
  env: Record<string, string | undefined>
  /** The text of a file, by its absolute path. Throws when it cannot be read. */
  readFile (path: string): string
}

interface Checked {
  server?: ServerKeys
  defaults?: DefaultKeys
  cameras?: Map<string, Partial<CameraKeys> | undefined>
}

/** The longest file that is read, in bytes; 500 cameras take about a tenth of it. */
export const longestFile = 1024 * 1024

/**
 * The registry that a text describes, frozen throughout. Pure, but for `readFile`.
 *
 * @throws {ConfigError} with every fault of the text.
 */
export function parseRegistry (text: string, { file, env, readFile }: ParseOptions): Registry {
  const faults: Fault[] = []
  const report = (at: { line: number, column: number }, message: string) => { faults.push({ ...at, message }) }
  const registry = Buffer.byteLength(text) > longestFile
    ? report({ line: 1, column: 1 }, 'the file is over 1 MiB; a registry of 500 cameras takes a tenth of that')
    : read(text.replace(/^\uFEFF/, ''))
  if (!registry || faults.length > 0) throw new ConfigError(file, faults)
  return deepFreeze(registry)

  function read (yaml: string): Registry | undefined {
    const surroundings = { env, readFile: (path: string) => readFile(resolve(dirname(file), path)) }
    const document = readDocument(yaml, surroundings, report)
    if (!document || (document.kind === 'scalar' && document.value === null)) {
      if (faults.length === 0) {
        report({ line: 1, column: 1 }, `the file is empty; the shortest one is\n${smallestFile}`)
      }
      return undefined
    }
    const checked = (check(FileSchema, document, '', report) ?? {}) as Checked
    return {
      server: { host: '127.0.0.1', port: 5000, ...checked.server },
      cameras: cameras(checked, document)
    }
  }

  function cameras ({ cameras, defaults = {}, server }: Checked, document: Value): Camera[] {
    const entries = entriesOf(entriesOf(document)?.get('cameras')?.value)
    const defaultPlaces = entriesOf(entriesOf(document)?.get('defaults')?.value)
    const built = [...cameras ?? []].flatMap(([id, keys]) => {
      const written = entries?.get(id)
      const places = entriesOf(written?.value)
      if (!keys || !written || !places) return []
      const entry: Entry = { id, at: written.at, folder: dirname(file), allowExec: server?.allowExec ?? false, keys, defaults, places, defaultPlaces }
      const camera = buildCamera(entry, report)
      return camera ? { entry, camera } : []
    })
    reportShared(built, report)
    return built.map(({ camera }) => camera)
  }
}

const entriesOf = (value: Value | undefined): MapValue['entries'] | undefined =>
  value?.kind === 'map' ? value.entries : undefined

function deepFreeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
