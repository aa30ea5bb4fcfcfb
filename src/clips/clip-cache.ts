import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { access, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CamgateError, messageOf } from '../errors.js'
import { ffmpegEnvironment } from '../processes/environment.js'
import { sceneArguments, sceneFiles, type Scene } from './scene.js'

export interface ClipCache { ffmpegPath: string; directory: string }

/**
 * Where clips live unless told otherwise: `$XDG_CACHE_HOME/camgate` or `~/.cache/camgate`. A user who has no home (`docker run --user 12345`), or may
 * write to neither, has a folder of their own for temporary files: clips can be made again.
 */
export function defaultCacheDir (env: NodeJS.ProcessEnv = process.env, home = homedir): string {
  const cache = env['XDG_CACHE_HOME'] || cacheOf(env['HOME'] || home)
  const directory = cache && join(cache, 'camgate')
  return directory && !isForbidden(directory) ? directory : temporary()
}

function cacheOf (home: string | (() => string)): string | undefined {
  try {
    return join(typeof home === 'string' ? home : home(), '.cache')
  } catch {
    return undefined // without HOME and without an entry in passwd
  }
}

/** Of a file system that may only be read mkdir says ENOENT. Other faults, such as a full disk, are for whoever writes to it to tell. */
function isForbidden (directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
    return false
  } catch (error) {
    return ['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

/** One for each user, as long as it is really theirs: everybody may write to the folder that it is in. */
function temporary (): string {
  const uid = process.getuid?.()
  const own = join(tmpdir(), `camgate-${uid}`)
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 })
    const found = lstatSync(own)
    if (found.isDirectory() && found.uid === uid) return own
  } catch {} // there is something else
  return mkdtempSync(join(tmpdir(), 'camgate-'))
}

/**
 * The path of the scene's clip, made now if it is not there, as a test picture where ffmpeg writes no text. Several processes may make the same one: the last wins,
 * and none ever sees half a file. Throws CLIP_FAILED with ffmpeg's words or the disk's, or the signal's reason.
 */
export async function cachedClip (scene: Scene, { ffmpegPath, directory }: ClipCache, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted()
  const path = join(directory, clipName(scene))
  if (await exists(path)) return path
  try {
    await mkdir(directory, { recursive: true })
    await make(scene, path, { ffmpegPath, directory }, signal)
    return path
  } catch (error) {
    signal?.throwIfAborted()
    if (!scene.plain && noText.test(messageOf(error))) return await cachedClip({ ...scene, plain: true }, { ffmpegPath, directory }, signal)
    throw new CamgateError('CLIP_FAILED', `Cannot make the clip of the simulated camera ${scene.id}: ${messageOf(error)}`, { cause: error })
  }
}

async function make (scene: Scene, path: string, { ffmpegPath, directory }: ClipCache, signal?: AbortSignal): Promise<void> {
  const workplace = await mkdtemp(join(directory, 'making-'))
  try {
    await writeFile(join(workplace, sceneFiles.name), scene.name)
    await copyFile(fontPath('DejaVuSans.ttf'), join(workplace, sceneFiles.font))
    await copyFile(fontPath('DejaVuSans-Bold.ttf'), join(workplace, sceneFiles.boldFont))
    await run(ffmpegPath, sceneArguments(scene, 'clip'), workplace, signal)
    await rename(join(workplace, 'clip'), path)
  } finally {
    await rm(workplace, { recursive: true, force: true })
  }
}

/** Changes with everything that determines the picture, so that a clip never needs to be thrown away. */
function clipName (scene: Scene): string {
  const content = JSON.stringify([scene.name, sceneArguments(scene, '')])
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 32)
  return `clip-${hash}.${scene.codec}`
}

/** In the words of ffmpeg up to 6, and of 7, which then says the whole scene. */
const noText = /No such filter: 'drawtext'|Filter not found/

const fontPath = (file: string) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`)

const exists = (path: string) => access(path).then(() => true, () => false)

/** Settles only once the process is gone. */
function run (path: string, args: string[], cwd: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd, env: ffmpegEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], ...(signal && { signal, killSignal: 'SIGKILL' as const }) })
    let stderr = ''
    let failure: Error | undefined
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-2_000) })
    child.on('error', error => { failure = error })
    child.on('close', code => {
      if (code === 0 && failure === undefined) resolve()
      else reject(failure ?? new Error(stderr.trim() || `ffmpeg ended with exit code ${code}`))
    })
  })
}
