import { access, constants, open, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { replaceFile } from '../atomic-file.js'
import { CamgateError } from '../errors.js'

/** The folder takes no new file, or the file is a mount of its own. It is then written in place. */
const NOT_REPLACEABLE = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS'])

/**
 * Writes a configuration file, atomically if the system allows it, and keeps its mode and owner. Follows a symbolic link.
 *
 * @throws {CamgateError} NOT_WRITABLE
 */
export async function writeConfiguration (file: string, text: string, replace = replaceFile): Promise<void> {
  try {
    const path = await realpath(file)
    await access(path, constants.W_OK)
    const { mode, uid, gid, nlink } = await stat(path)
    if (nlink === 0) throw new CamgateError('NOT_WRITABLE', `${file} was replaced on the host since it was mounted, so nothing written here would last: mount its folder instead of the file, and start the container again.`)
    if (nlink > 1) return await writeInPlace(path, text) // a new file would leave its other names to the old one
    await replace(path, text, { mode: mode & 0o7777, ...uid !== process.getuid?.() && { owner: { uid, gid } } }).catch(async (error: NodeJS.ErrnoException) => {
      if (!NOT_REPLACEABLE.has(error.code ?? '')) throw error
      await writeInPlace(path, text)
    })
  } catch (error) {
    if (error instanceof CamgateError) throw error
    throw new CamgateError('NOT_WRITABLE', `camgate cannot change ${file}: ${reasonFor(error as NodeJS.ErrnoException, file)}.`, { cause: error })
  }
}

async function writeInPlace (path: string, text: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const before = await file.readFile()
    await overwrite(Buffer.from(text)).catch(async (error: unknown) => {
      await overwrite(before)
      throw error
    })
  } finally {
    await file.close()
  }

  async function overwrite (bytes: Buffer): Promise<void> {
    for (let offset = 0; offset < bytes.length;) offset += (await file.write(bytes, offset, bytes.length - offset, offset)).bytesWritten
    await file.truncate(bytes.length)
    await file.sync()
  }
}

function reasonFor ({ code }: NodeJS.ErrnoException, file: string): string {
  switch (code) {
    case 'EROFS': return `it is mounted read-only. Mount it writable (in compose.yaml, a volume without :ro, best of its folder ${dirname(file)}), or make the change in the file on the host`
    case 'EACCES':
    case 'EPERM': return `the user that it runs as (${process.getuid?.() ?? 'its number is unknown'}) may not write the file. Give that user the right to (chown or chmod), or make the change in the file`
    case 'ENOSPC':
    case 'EDQUOT': return 'the disk is full'
    case 'ENOENT': return 'it is not there'
    default: return `the system refuses it (${code})`
  }
}
