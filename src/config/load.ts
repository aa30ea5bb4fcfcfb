import { closeSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from './fault.js'
import { longestFile, parseRegistry } from './parse.js'
import type { Registry } from './registry.js'

/**
 * Reads the registry from a YAML file.
 *
 * @throws {ConfigError} when the file cannot be read, is not UTF-8, or has faults.
 */
export function loadRegistry (path: string, env: Record<string, string | undefined>): Registry {
  const file = resolve(path)
  return parseRegistry(readRegistry(path, file), {
    file: path,
    env,
    readFile: secret => new TextDecoder('utf-8', { fatal: true }).decode(readAtMost(secret, longestSecret))
  })
}

const longestSecret = 64 * 1024

function readRegistry (path: string, file: string): string {
  const start = { line: 1, column: 1 }
  let bytes
  try {
    bytes = readAtMost(file, longestFile + 1)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new ConfigError(path, [{
      ...start,
      message: code === 'ENOENT'
        ? `there is no such file (looked for ${file}); write one, or name another with --config or CAMGATE_CONFIG`
        : `the file ${file} cannot be read (${String(code)})`
    }])
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigError(path, [{ ...start, message: 'the file is not UTF-8 text; save it again as UTF-8' }])
  }
}

/** Bounded by what is read and not by what the file says its size is: /dev/zero says 0. */
function readAtMost (path: string, most: number): Uint8Array {
  const buffer = Buffer.alloc(most)
  const descriptor = openSync(path, 'r')
  try {
    let length = 0
    for (let count = 1; count > 0 && length < most; length += count) {
      count = readSync(descriptor, buffer, length, most - length, null)
    }
    return buffer.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}
