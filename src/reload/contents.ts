import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** What a file holds, or the code of the system's error. `links` is 0 once its last name is gone: a mount may still show it. */
export type Content = { readonly bytes: Uint8Array, readonly links: number } | { readonly code: string }

/** By path. */
export type Contents = ReadonlyMap<string, Content>

/** Reads up to `maxBytes` of each file. */
export type ReadContents = (paths: Iterable<string>, maxBytes: number) => Promise<Contents>

export const readContents: ReadContents = async (paths, maxBytes) => {
  const contents = new Map<string, Content>()
  for (const path of paths) contents.set(path, await readContent(path, maxBytes).catch((error: NodeJS.ErrnoException) => ({ code: error.code ?? 'UNKNOWN' })))
  return contents
}

/** Does not wait for the writer of a pipe: it would hold one of the few threads that read files. */
async function readContent (path: string, maxBytes: number): Promise<Content> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = await file.stat()
    if (stat.isDirectory()) return { code: 'EISDIR' }
    if (!stat.isFile()) return { code: 'NO_FILE' }
    const buffer = Buffer.alloc(Math.min(maxBytes, stat.size + 1)) // what has grown since then is seen by the next reading
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    return { bytes: buffer.subarray(0, bytesRead), links: stat.nlink }
  } finally {
    await file.close()
  }
}

/** Two readings with the same digest have found the same. */
export function digestOf (contents: Contents): string {
  const parts = [...contents].sort(([one], [other]) => one < other ? -1 : 1).map(([path, content]) => [path, 'code' in content ? content.code : hash('sha256', content.bytes)])
  return hash('sha256', JSON.stringify(parts))
}

/** The paths of those that are missing or empty, as a file is for a moment while it is being replaced. */
export const absentIn = (contents: Contents): string[] => [...contents].filter(([, content]) => 'code' in content || content.bytes.length === 0).map(([path]) => path)

/** The path of a file that was mounted alone, and whose twin on the host another file has replaced: the mount goes on showing the old one. */
export const replacedTwin = (contents: Contents): string | undefined => [...contents].find(([, content]) => 'links' in content && content.links === 0)?.[0]

export const isPipe = (content: Content | undefined): boolean => content !== undefined && 'code' in content && content.code === 'NO_FILE'
