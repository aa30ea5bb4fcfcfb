import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { CamgateError } from '../errors.js'
import { MAX_FILE_BYTES, parseRegistry } from './parse.js'
import type { Registry } from './registry.js'

const MAX_SECRET_BYTES = 64 * 1024

/**
 * Reads the registry from a YAML file.
 *
 * @throws {CamgateError} CONFIG when the file cannot be read or is not UTF-8; a ConfigError when it has mistakes
 */
export function loadRegistry (path: string, env: Record<string, string | undefined>): Registry {
  const file = resolve(path)
  return parseRegistry(readRegistry(file), {
    file: path,
    env,
    readFile: secret => new TextDecoder('utf-8', { fatal: true }).decode(readAtMost(secret, MAX_SECRET_BYTES))
  })
}

function readRegistry (file: string): string {
  let bytes
  try {
    bytes = readAtMost(file, MAX_FILE_BYTES + 1)
  } catch (error) {
    throw new CamgateError('CONFIG', unreadable(file, error instanceof Error && 'code' in error ? String(error.code) : ''))
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CamgateError('CONFIG', `${file} is not UTF-8 text; save it again as UTF-8.`)
  }
}

/** Explains what to do about a file that camgate cannot read. */
export function unreadable (file: string, code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR': return `There is no file ${file}. Write one, or name another with --config or CAMGATE_CONFIG.`
    case 'EISDIR': return `${file} is a folder, not a file. Docker makes one when the file to be mounted is not on the host: remove the container ` +
      '(docker rm, or docker compose down) and that folder on the host (rmdir), write the file in its place, and start again.'
    case 'EACCES': return `camgate may not read ${file}. Give the user that it runs as the right to (chmod a+r); in Docker that is the user with the number 1000.`
    default: return `${file} cannot be read${code && ` (${code})`}.`
  }
}

/** Reads up to `maxBytes`. Ignores the file's reported size, because that of /dev/zero is 0. */
function readAtMost (path: string, maxBytes: number): Uint8Array {
  const buffer = Buffer.alloc(maxBytes)
  const descriptor = openSync(path, 'r')
  try {
    let length = 0
    for (let count = 1; count > 0 && length < maxBytes; length += count) {
      count = readSync(descriptor, buffer, length, maxBytes - length, null)
    }
    return buffer.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}
