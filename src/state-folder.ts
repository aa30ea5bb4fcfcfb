import { existsSync } from 'node:fs'
import { access, constants, mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { replaceFile } from './atomic-file.js'
import { CamgateError } from './errors.js'

/** Made by whoever installs camgate for the whole machine, and by the image. */
const SYSTEM_FOLDER = '/var/lib/camgate'

/** The folder for what camgate must remember when it starts again. Only its own user may read it. */
export class StateFolder {
  readonly path: string

  private constructor (path: string) {
    this.path = path
  }

  /**
   * The configured folder, or else systemd's STATE_DIRECTORY, or else the first of /var/lib/camgate, the user's folder for state and ./.camgate that can be written to.
   * @throws {CamgateError} STATE
   */
  static async open (configured?: string, env: NodeJS.ProcessEnv = process.env, systemFolder = SYSTEM_FOLDER): Promise<StateFolder> {
    const problems: string[] = []
    for (const { path, make } of candidates(configured, env, systemFolder)) {
      try {
        if (make) await mkdir(path, { recursive: true, mode: 0o700 })
        await access(path, constants.W_OK | constants.X_OK)
        return new StateFolder(path)
      } catch (error) {
        problems.push(`${path} ${why(error)}`)
      }
    }
    throw new CamgateError('STATE', `camgate has no folder to keep its state in: ${problems.join('; ')}. Make one of them writable for the user that camgate runs as, or name another with server.stateDir.`)
  }

  /** The folder that `open` would use, without making it. @throws {CamgateError} STATE */
  static async find (configured?: string, env: NodeJS.ProcessEnv = process.env, systemFolder = SYSTEM_FOLDER): Promise<string> {
    for (const { path, make } of candidates(configured, env, systemFolder)) {
      const there = make ? nearestThere(path) : path
      if (await access(there, constants.W_OK | constants.X_OK).then(() => true, () => false)) return path
    }
    throw new CamgateError('STATE', `camgate has no folder to keep its state in${configured === undefined ? '' : `: ${configured} cannot be used by this user`}.`)
  }

  /** @throws {CamgateError} STATE, unless the file is only missing */
  async read (name: string): Promise<string | undefined> {
    const path = join(this.path, name)
    return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw new CamgateError('STATE', `${path} ${why(error)}.`, { cause: error })
    })
  }

  /** Renames a file that cannot be used, so that a person can look at it. Returns its new path. @throws {CamgateError} STATE */
  async setAside (name: string): Promise<string> {
    const path = join(this.path, name)
    const aside = `${path}.damaged`
    await rename(path, aside).catch((error: unknown) => { throw new CamgateError('STATE', `${path} ${why(error)}.`, { cause: error }) })
    return aside
  }

  /** After a crash, the file has either its old text or the new one. @throws {CamgateError} STATE */
  async write (name: string, text: string): Promise<void> {
    const path = join(this.path, name)
    try {
      await replaceFile(path, text, { mode: 0o600 })
    } catch (error) {
      throw new CamgateError('STATE', `${path} ${why(error)}.`, { cause: error })
    }
  }
}

/** In the order in which they are tried. */
function candidates (configured: string | undefined, { STATE_DIRECTORY, XDG_STATE_HOME = '', HOME = '' }: NodeJS.ProcessEnv, systemFolder: string) {
  if (configured !== undefined) return [{ path: configured, make: true }]
  const [systemd] = STATE_DIRECTORY?.split(':') ?? [] // one for each StateDirectory= of the unit
  if (systemd) return [{ path: resolve(systemd), make: true }]
  const home = isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : isAbsolute(HOME) && join(HOME, '.local/state')
  return [{ path: systemFolder, make: false }, ...home ? [{ path: join(home, 'camgate'), make: true }] : [], { path: resolve('.camgate'), make: true }]
}

/** A folder that would be made is made in this one. */
const nearestThere = (path: string): string => existsSync(path) || dirname(path) === path ? path : nearestThere(dirname(path))

function why (error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT': return 'is not there'
    case 'EACCES':
    case 'EPERM': return 'may not be used by this user'
    case 'EROFS': return 'is on a read-only disk'
    case 'ENOSPC':
    case 'EDQUOT': return 'cannot be written: the disk is full'
    case 'EEXIST':
    case 'ENOTDIR': return 'is not a folder, or is below a file'
    default: return `cannot be used (${code})`
  }
}
