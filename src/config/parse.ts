import { dirname, resolve } from 'node:path'
import { Checker } from '../yaml/check.js'
import { ConfigError, inOrder, type At, type Diagnostic } from '../yaml/diagnostic.js'
import { readDocument } from '../yaml/document.js'
import { gluedKey } from '../yaml/glued.js'
import type { Surroundings } from '../yaml/substitute.js'
import type { MapValue, Value } from '../yaml/value.js'
import { buildCamera, reportShared, type Entry } from './camera.js'
import { foreignMap, foreignText } from './foreign.js'
import { buildNotify } from './notify/targets.js'
import type { TargetKeys } from './notify/schema.js'
import type { Camera, Registry } from './registry.js'
import { allKeys, FileSchema, smallestFile, type CameraKeys, type DefaultKeys } from './schema.js'
import { buildServer } from './server.js'
import type { ServerKeys } from './server-schema.js'
import { camerasVocabulary } from './vocabulary.js'

export interface ParseOptions extends Surroundings {
  /** The file's name in messages. Relative paths, as in `${file:…}`, start in its folder. */
  file: string
  /** Refuses commands as sources even if the file allows them. */
  allowExec?: boolean | undefined
}

interface Checked {
  server?: ServerKeys
  defaults?: DefaultKeys
  cameras?: Map<string, Partial<CameraKeys> | undefined>
  notify?: Array<Partial<TargetKeys>>
}

/** 500 cameras take about a tenth of this. */
export const MAX_FILE_BYTES = 1024 * 1024

/**
 * Parses and checks the text of `cameras.yaml` and returns the registry, deeply frozen. Pure, except for `readFile`.
 *
 * @throws {ConfigError} with every mistake in the text
 */
export function parseRegistry (text: string, { file, env, readFile, allowExec = true }: ParseOptions): Registry {
  const mistakes: Diagnostic[] = []
  const warnings: Diagnostic[] = []
  const report = (at: At, message: string) => { mistakes.push({ ...at, message }) }
  const warn = (at: At, message: string) => { warnings.push({ ...at, message }) }
  const registry = Buffer.byteLength(text) > MAX_FILE_BYTES
    ? report({ line: 1, column: 1 }, 'the file is over 1 MiB; a registry of 500 cameras takes a tenth of that')
    : read(text.replace(/^\uFEFF/, ''))
  if (!registry || mistakes.length > 0) throw new ConfigError(file, mistakes)
  return deepFreeze({ ...registry, warnings: inOrder(warnings) })

  function read (yaml: string): Omit<Registry, 'warnings'> | undefined {
    const surroundings = { env, readFile: (path: string) => readFile(resolve(dirname(file), path)) }
    const document = readDocument(yaml, { vocabulary: camerasVocabulary, surroundings, report, warn })
    const entries = entriesOf(document)
    const foreign = entries ? foreignMap([...entries.keys()]) : foreignText(yaml)
    if (foreign) {
      if (!entries) mistakes.length = 0 // its YAML mistakes do not matter
      report(entries && document ? document.at : { line: 1, column: 1 }, foreign)
      return undefined
    }
    if (!document || (document.kind === 'scalar' && document.value === null)) {
      if (mistakes.length === 0) report({ line: 1, column: 1 }, `the file is empty; the shortest one is\n${smallestFile}`)
      return undefined
    }
    expandShortCameras(entries)
    const checked = (new Checker(camerasVocabulary, report).check(FileSchema, document) ?? {}) as Checked
    const ids = [...checked.cameras?.keys() ?? []]
    const cameras = build(checked, entries)
    return {
      server: buildServer(checked.server ?? {}, { written: entries?.get('server')?.value, folder: dirname(file), cameras: ids, report, warn }),
      cameras,
      notify: buildNotify(checked.notify ?? [], { written: entries?.get('notify')?.value ?? document, cameras, ids, report })
    }
  }

  function build ({ cameras, defaults = {}, server }: Checked, document: MapValue['entries'] | undefined): Camera[] {
    const entries = entriesOf(document?.get('cameras')?.value)
    const defaultPlaces = entriesOf(document?.get('defaults')?.value)
    const built = [...cameras ?? []].flatMap(([id, keys]) => {
      const written = entries?.get(id)
      const places = entriesOf(written?.value)
      if (!keys || !written || !places) return []
      const entry: Entry = { id, at: written.at, folder: dirname(file), allowExec: server?.allowExec !== true ? 'not in the file' : allowExec ? 'yes' : 'not at the start', keys, defaults, places, defaultPlaces }
      const camera = buildCamera(entry, report)
      return camera ? { entry, camera } : []
    })
    reportShared(built, report)
    return built.map(({ camera }) => camera)
  }
}

const entriesOf = (value: Value | undefined): MapValue['entries'] | undefined =>
  value?.kind === 'map' ? value.entries : undefined

/** Turns `entrance: rtsp://…` into `entrance: { source: rtsp://… }`. Includes text that was meant as an address, so that messages treat it as one. */
function expandShortCameras (document: MapValue['entries'] | undefined): void {
  for (const [, entry] of entriesOf(document?.get('cameras')?.value) ?? []) {
    const { value } = entry
    if (value.kind === 'scalar' && /[/.]/.test(value.text) && !gluedKey(value.text, allKeys)) {
      entry.value = { kind: 'map', at: value.at, entries: new Map([['source', { at: value.at, value }]]) }
    }
  }
}

export function deepFreeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
