import { parseRegistry } from '../config/parse.js'
import { writeYaml } from '../yaml/write.js'
import type { ImportedKeys } from './imported.js'

/** A user of camgate's page, with the hash of their password. */
export interface WrittenServer { readonly host: string, readonly auth?: { readonly users: ReadonlyMap<string, { readonly password: string, readonly right: 'admin' }> } }

/** The text of a whole cameras.yaml. It has been read as camgate reads it, with some value for every variable. @throws {ConfigError} if camgate would refuse it */
export function fileText (cameras: ReadonlyMap<string, ImportedKeys>, file: string, server?: WrittenServer): string {
  const yaml = writeYaml(new Map<string, unknown>([...server ? [['server', server]] as const : [], ['cameras', cameras]]), { inline: ['source', 'substream'], quoted: ['username', 'password'] })
  parseRegistry(yaml, { file, env: new Proxy({}, { get: () => 'camgate' }), readFile: () => 'camgate' })
  return yaml
}
