import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { access, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CamgateError, messageOf } from '../errors.js'
import { packageRoot } from '../package.js'
import { ffmpegEnvironment } from '../processes/environment.js'
import { sceneArguments, sceneFiles, type Scene } from './scene.js'

export interface ClipCache {
  ffmpegPath: string
  directory: string
  /** A folder of clips that are only read; by default the one that the Docker image is built with. */
  ready?: string
}

const READY = join(packageRoot, 'clips')

/**
 * The default folder for clips: `$XDG_CACHE_HOME/camgate` or `~/.cache/camgate`. For a user without a home (`docker run --user 12345`), or without
 * write access, it is a temporary folder: clips can be made again.
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
    return undefined // no HOME, and no entry in passwd
  }
}

/** On a read-only file system mkdir throws ENOENT. Other errors, such as a full disk, are reported when a clip is written. */
function isForbidden (directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
    return false
  } catch (error) {
    return ['EACCES', 'EPERM', 'EROFS', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}

/** The user's own temporary folder. Anybody can write to its parent, so check its owner. */
function temporary (): string {
  const uid = process.getuid?.()
  const own = join(tmpdir(), `camgate-${uid}`)
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 })
    const found = lstatSync(own)
    if (found.isDirectory() && found.uid === uid) return own
  } catch {} // something else has that name
  return mkdtempSync(join(tmpdir(), 'camgate-'))
}

/**
 * Returns the path of the scene's clip, and makes it first if it is neither ready nor in the cache: as a test picture if ffmpeg cannot draw text. Several processes may make the
 * same clip. The last one wins, and none sees an incomplete file. Throws CLIP_FAILED with ffmpeg's error or the disk's, or the signal's reason.
 */
export async function cachedClip (scene: Scene, { ffmpegPath, directory, ready = READY }: ClipCache, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted()
  const path = join(directory, clipName(scene))
  for (const made of [path, join(ready, clipName(scene))]) if (await exists(made)) return made
  try {
    await mkdir(directory, { recursive: true })
    await make(scene, path, { ffmpegPath, directory }, signal)
    return path
  } catch (error) {
    signal?.throwIfAborted()
    if (!scene.plain && NO_DRAWTEXT.test(messageOf(error))) return await cachedClip({ ...scene, plain: true }, { ffmpegPath, directory, ready }, signal)
    throw new CamgateError('CLIP_FAILED', `Cannot make the clip of the simulated camera ${scene.id}: ${messageOf(error)}`, { cause: error })
  }
}

async function make (scene: Scene, path: string, { ffmpegPath, directory }: ClipCache, signal?: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(directory, 'making-'))
  try {
    await writeFile(join(folder, sceneFiles.name), scene.name)
    await copyFile(fontPath('DejaVuSans.ttf'), join(folder, sceneFiles.font))
    await copyFile(fontPath('DejaVuSans-Bold.ttf'), join(folder, sceneFiles.boldFont))
    await run(ffmpegPath, sceneArguments(scene, 'clip'), folder, signal)
    await rename(join(folder, 'clip'), path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Contains a hash of everything that determines the picture, so clips never become outdated. */
function clipName (scene: Scene): string {
  const content = JSON.stringify([scene.name, sceneArguments(scene, '')])
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 32)
  return `clip-${hash}.${scene.codec}`
}

/** The error of ffmpeg up to version 6, and of version 7, which also prints the whole scene. */
const NO_DRAWTEXT = /No such filter: 'drawtext'|Filter not found/

const MAX_STDERR_CHARS = 2_000

const fontPath = (file: string) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`)

const exists = (path: string) => access(path).then(() => true, () => false)

/** Settles only after the process has exited. */
function run (path: string, args: string[], cwd: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd, env: ffmpegEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], ...(signal && { signal, killSignal: 'SIGKILL' as const }) })
    let stderr = ''
    let failure: Error | undefined
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-MAX_STDERR_CHARS) })
    child.on('error', error => { failure = error })
    child.on('close', code => {
      if (code === 0 && failure === undefined) resolve()
      else reject(failure ?? new Error(stderr.trim() || `ffmpeg ended with exit code ${code}`))
    })
  })
}
