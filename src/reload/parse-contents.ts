import { resolve } from 'node:path'
import { parseFile } from '../config/load.js'
import type { Registry } from '../config/registry.js'
import { CamgateError } from '../errors.js'
import type { Content, Contents } from './contents.js'

export interface ParseRequest {
  /** As in messages. */
  readonly file: string
  readonly contents: Contents
  readonly env: Record<string, string | undefined>
  readonly allowExec: boolean
}

/** `files` are those that the registry depends on, itself included, whether they could be read or not. */
export interface Parsed {
  readonly files: readonly string[]
  readonly result: { readonly registry: Registry } | { readonly error: CamgateError }
}

/** Parses the contents of `file`. Files that it names, and that are not among the contents, count as missing. */
export function parseContents ({ file, contents, env, allowExec }: ParseRequest): Parsed {
  const files = new Set([resolve(file)])
  const read = (path: string, maxBytes: number) => {
    files.add(path)
    return bytesOf(contents.get(path)).subarray(0, maxBytes)
  }
  const result = resultOf(() => parseFile(file, read, { env, allowExec }))
  return { files: [...files], result }
}

function resultOf (parse: () => Registry): Parsed['result'] {
  try {
    return { registry: parse() }
  } catch (error) {
    if (error instanceof CamgateError) return { error }
    throw error
  }
}

function bytesOf (content: Content | undefined): Uint8Array {
  if (content && 'bytes' in content) return content.bytes
  throw Object.assign(new Error('not read'), { code: content?.code ?? 'ENOENT' })
}
