import { rm } from 'node:fs/promises'
import PQueue from 'p-queue'
import { CamgateError, messageOf } from '../errors.js'
import { cachedClip, type ClipCache } from './clip-cache.js'
import { loadClip, type Clip } from './clip.js'
import type { Quirks } from '../faults/quirk.js'
import type { Scene } from './scene.js'

/** The number of ffmpegs that make clips at the same time. */
const MAX_ENCODERS = 2

/** The clips of one simulator, from the cache or newly encoded. */
export class Clips {
  readonly #cache: ClipCache
  readonly #signal: AbortSignal
  readonly #queue = new PQueue({ concurrency: MAX_ENCODERS })

  /** @param signal stops the encoding of clips */
  constructor (cache: ClipCache, signal: AbortSignal) {
    this.#cache = cache
    this.#signal = signal
  }

  /** Returns the scene's clip, and replaces a damaged one. Throws CLIP_FAILED, or the signal's reason. */
  async of (scene: Scene, quirks: Quirks = new Set()): Promise<Clip> {
    const path = await this.#path(scene)
    try {
      return await loadClip(path, scene, quirks)
    } catch {
      await rm(path, { force: true }).catch(() => {}) // loading then fails again, with the error to report
    }
    const again = await this.#path(scene)
    try {
      return await loadClip(again, scene, quirks)
    } catch (error) {
      throw new CamgateError('CLIP_FAILED', `ffmpeg made no usable clip for the simulated camera ${scene.id}: ${messageOf(error)}`, { cause: error })
    }
  }

  #path (scene: Scene): Promise<string> {
    return this.#queue.add(() => cachedClip(scene, this.#cache, this.#signal))
  }
}
