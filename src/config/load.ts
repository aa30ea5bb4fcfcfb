import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { CamgateError } from '../errors.js'
import { MAX_FILE_BYTES, parseRegistry } from './parse.js'
import type { Registry } from './registry.js'

/** Of any file that the configuration names. */
const MAX_SECRET_BYTES = 64 * 1024

/** Enough to tell a file that is too long. */
export const MAX_READ_BYTES = MAX_FILE_BYTES + 1

/**
 * Reads the registry from a YAML file.
 *
 * @throws {CamgateError} CONFIG when the file cannot be read or is not UTF-8; a ConfigError when it has mistakes
 */
export const loadRegistry = (path: string, env: Environment): Registry => parseFile(path, readAtMost, { env })

type Environment = Record<string, string | undefined>

/** The same, for files that `read` reads: it returns a file's first bytes, or throws the system's error. */
export function parseFile (path: string, read: (path: string, maxBytes: number) => Uint8Array, { env, allowExec }: { readonly env: Environment, readonly allowExec?: boolean }): Registry {
  return parseRegistry(textOf(resolve(path), read), {
    file: path,
    env,
    allowExec,
    readFile: secret => utf8(read(secret, MAX_SECRET_BYTES))
  })
}

const utf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

function textOf (file: string, read: (path: string, maxBytes: number) => Uint8Array): string {
  let bytes
  try {
    bytes = read(file, MAX_READ_BYTES)
  } catch (error) {
    throw new CamgateError('CONFIG', unreadable(file, error instanceof Error && 'code' in error ? String(error.code) : ''))
  }
  try {
    return utf8(bytes)
  } catch {
    throw new CamgateError('CONFIG', `${file} is not UTF-8 text; save it again as UTF-8.`)
  }
}

/** Explains what to do about a file that camgate cannot read. */
export function unreadable (file: string, code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': return `There is no file ${file}. camgate init writes one; --config and CAMGATE_CONFIG name another.`
    case 'EISDIR': return `${file} is a folder, not a file. Docker makes one when the file to be mounted is not on the host: remove the container ` +
      '(docker rm, or docker compose down) and that folder on the host (rmdir), write the file in its place, and start again.'
    case 'EACCES': return `camgate may not read ${file}. Give the user that it runs as the right to (chmod a+r); in Docker that is the user with the number 1000.`
    case 'NO_FILE': return `${file} is a pipe or a device, which can be read only once: camgate has to be started again to read another.`
    default: return `${file} cannot be read${code && ` (${code})`}.`
  }
}

/** Reads up to `maxBytes`, also of a pipe, for whose writer it waits. */
export const readAtMost = (path: string, maxBytes: number): Uint8Array => withFile(path, constants.O_RDONLY, descriptor => bytesOf(descriptor, maxBytes))

/** The same for a process that serves cameras, and must not wait. Throws NO_FILE for a pipe or a device. */
export const readFileAtMost = (path: string, maxBytes: number): Uint8Array => withFile(path, constants.O_RDONLY | constants.O_NONBLOCK, descriptor => {
  const stat = fstatSync(descriptor)
  if (!stat.isFile() && !stat.isDirectory()) throw Object.assign(new Error('it is a pipe or a device'), { code: 'NO_FILE' })
  return bytesOf(descriptor, maxBytes)
})

/** Ignores the file's reported size, because that of /dev/zero is 0. */
function bytesOf (descriptor: number, maxBytes: number): Uint8Array {
  const buffer = Buffer.alloc(maxBytes)
  let length = 0
  for (let count = 1; count > 0 && length < maxBytes; length += count) {
    count = readSync(descriptor, buffer, length, maxBytes - length, null)
  }
  return buffer.subarray(0, length)
}

function withFile<T> (path: string, flags: number, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, flags)
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
