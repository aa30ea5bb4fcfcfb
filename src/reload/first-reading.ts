import { parseFile, readAtMost } from '../config/load.js'
import type { Registry } from '../config/registry.js'
import type { Content, Contents } from './contents.js'

export interface FirstReading {
  readonly registry: Registry
  /** Of the file and of those that it names: as long as they stay the same, nobody has to parse them again. */
  readonly contents: Contents
}

/**
 * Reads the registry as `loadRegistry` does, for a process that will follow its files.
 *
 * @throws {CamgateError} CONFIG
 */
export function readFirst (file: string, env: Record<string, string | undefined>): FirstReading {
  const contents = new Map<string, Content>()
  const registry = parseFile(file, (path, maxBytes) => {
    const bytes = readAtMost(path, maxBytes)
    contents.set(path, { bytes, links: 1 })
    return bytes
  }, { env })
  return { registry, contents }
}
