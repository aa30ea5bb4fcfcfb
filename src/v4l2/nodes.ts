import { access, constants, readdir, stat } from 'node:fs/promises'

/** What the file system shows at a device's path, without opening it. */
export type Node = 'device' | 'forbidden' | 'missing' | 'folder' | 'file'

/** Never rejects. Opening a `device` may still fail, in a container for instance. */
export async function lookAt (path: string): Promise<Node> {
  try {
    const found = await stat(path)
    if (!found.isCharacterDevice()) return found.isDirectory() ? 'folder' : 'file'
    await access(path, constants.R_OK | constants.W_OK)
    return 'device'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'missing'
  }
}

/** This machine's /dev/video0, /dev/video1 …, by number. Not all of them give pictures. */
export async function listNodes (): Promise<string[]> {
  const names = await readdir('/dev').catch(() => [])
  const numbers = names.flatMap(name => /^video(\d+)$/.exec(name)?.[1] ?? []).map(Number)
  return numbers.sort((a, b) => a - b).map(number => `/dev/video${number}`)
}
