import { readAddress, type AddressKeys, type Login } from '../../importers/address.js'
import { fileText } from '../../importers/file-text.js'
import { Imported, type ImportedKeys } from '../../importers/imported.js'
import { Template } from '../../importers/template.js'
import { BrandSchemas } from '../../sources/brand.js'
import { isLoopback } from '../../text/host.js'

/** What somebody wants in their first cameras.yaml. */
export interface Answers {
  readonly cameras: readonly ImportedKeys[]
  /** The address to listen on. */
  readonly listen: string
  /** Who may come in from other machines: a name, and the hash of a password. */
  readonly user?: { readonly name: string, readonly hash: string }
}

export const makers = BrandSchemas.map(({ properties }) => properties.type.const)

/** Shown while there is no camera yet. */
export const SIMULATED: ImportedKeys = { name: 'A camera that does not exist', source: { type: 'simulated' } }

/** An address without a scheme and a path is a host, whose maker says the rest. */
export const isHost = (written: string): boolean => !/[/@]/.test(written) && /^[\w.:[\]-]+$/.test(written)

/** Reads an address, in which `${NAME}` is the environment's; with the maker, a host. */
export function readCamera (written: string, login: Login = {}, maker?: string): AddressKeys | { problem: string } {
  const type = makers.find(name => name === maker)
  const { username = '', password = '' } = login
  const [, host = written, port] = /^([^:]+|\[.*\]):(\d{1,5})$/.exec(written) ?? []
  if (type) return { source: { type, host, ...port !== undefined && { port: Number(port) } }, ...username !== '' && { username, password } }
  return readAddress(written, new Template(/\$\{([A-Za-z_]\w*)\}/g), login)
}

/** Whether others than the programs of this machine reach it there. */
export const reachesOthers = (listen: string): boolean => !isLoopback(listen)

/** The text of the file, and the ids of its cameras: 1, 2, 3. @throws {ConfigError} */
export function firstFile ({ cameras, listen, user }: Answers, file: string): { yaml: string, ids: string[] } {
  const numbered = new Imported()
  for (const [index, keys] of cameras.entries()) numbered.add(String(index + 1), keys, { file, line: 1 })
  const server = { host: listen, ...user && { auth: { users: new Map([[user.name, { password: user.hash, right: 'admin' as const }]]) } } }
  const keys = new Map([...numbered.cameras].map(([id, { keys }]) => [id, keys]))
  return { yaml: `# docs/configuration.md explains every key. After a change, run camgate check.\n\n${fileText(keys, file, server)}`, ids: [...keys.keys()] }
}
