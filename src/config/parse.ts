import { dirname, resolve } from 'node:path'
import { buildCamera, reportShared, type Entry } from './camera.js'
import { check } from './check.js'
import { readDocument } from './document.js'
import { ConfigError, inOrder, type At, type Diagnostic } from './fault.js'
import { foreignText } from './foreign.js'
import { gluedKey } from './glued.js'
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
  const faults: Diagnostic[] = []
  const warnings: Diagnostic[] = []
  const report = (at: At, message: string) => { faults.push({ ...at, message }) }
  const warn = (at: At, message: string) => { warnings.push({ ...at, message }) }
  const registry = Buffer.byteLength(text) > longestFile
    ? report({ line: 1, column: 1 }, 'the file is over 1 MiB; a registry of 500 cameras takes a tenth of that')
    : read(text.replace(/^\uFEFF/, ''))
  if (!registry || faults.length > 0) throw new ConfigError(file, faults)
  return deepFreeze({ ...registry, warnings: inOrder(warnings) })

  function read (yaml: string): Omit<Registry, 'warnings'> | undefined {
    const surroundings = { env, readFile: (path: string) => readFile(resolve(dirname(file), path)) }
    const document = shortCameras(readDocument(yaml, surroundings, report, warn))
    const foreign = document?.kind === 'map' ? undefined : foreignText(yaml)
    if (foreign) {
      faults.length = 0 // what YAML finds wrong in it helps nobody
      report({ line: 1, column: 1 }, foreign)
      return undefined
    }
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

/** `entrance: rtsp://…` is read as `entrance: { source: rtsp://… }`, and so is what was to be an address, which is told of as one. */
function shortCameras (document: Value | undefined): Value | undefined {
  const cameras = entriesOf(document)?.get('cameras')?.value
  for (const [, entry] of entriesOf(cameras) ?? []) {
    const { value } = entry
    if (value.kind === 'scalar' && /[/.]/.test(value.text) && !gluedKey(value.text)) {
      entry.value = { kind: 'map', at: value.at, entries: new Map([['source', { at: value.at, value }]]) }
    }
  }
  return document
}

function deepFreeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
