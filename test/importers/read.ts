import { parseRegistry } from '../../src/config/parse.js'
import { importCameras, type Program } from '../../src/importers/import.js'
import type { ForeignFile } from '../../src/importers/imported.js'

/** A file of these, whose names are paths. */
export function foreign (path: string, files: Readonly<Record<string, string>>): ForeignFile {
  const file = (name: string): ForeignFile => ({
    path: name,
    text: files[name]!,
    open: named => named in files ? file(named) : undefined,
    list: folder => Object.keys(files).filter(other => other.startsWith(`${folder}/`)).map(file)
  })
  return file(path)
}

/** What camgate reads of the file that `camgate import` prints, and the remarks as `line: message`. */
export function imported (text: string, { path = 'file', from, env = {}, files = {} }: { path?: string, from?: Program, env?: Record<string, string>, files?: Record<string, string> } = {}) {
  const { program, yaml, remarks } = importCameras(foreign(path, { ...files, [path]: text }), from)
  const { cameras } = parseRegistry(yaml, { file: 'cameras.yaml', env, readFile: () => { throw new Error('an imported file names no file') } })
  return { program, yaml, cameras, remarks: remarks.map(({ line, message }) => `${line}: ${message}`) }
}
