import { open, rename, rm } from 'node:fs/promises'

export interface FileAttributes {
  readonly mode: number
  readonly owner?: { readonly uid: number, readonly gid: number }
}

/** Replaces a file. After a crash, it has either its old text or the new one. Throws the system's error, and then nothing has changed. */
export async function replaceFile (path: string, text: string, { mode, owner }: FileAttributes): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    await rm(unfinished, { force: true }) // of a process before this one; in a container each has the same number
    const file = await open(unfinished, 'wx', mode)
    try {
      if (owner) await file.chown(owner.uid, owner.gid)
      await file.chmod(mode)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw error
  }
}
