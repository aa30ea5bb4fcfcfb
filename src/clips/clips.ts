import { rm } from 'node:fs/promises'
import { CamgateError, messageOf } from '../errors.js'
import { cachedClip, type ClipCache } from './clip-cache.js'
import { loadClip, type Clip } from './clip.js'
import type { Quirks } from '../faults/quirk.js'
import type { Scene } from './scene.js'
import { Turnstile } from './turnstile.js'

/** The clips of one simulator: from the cache, or made two at a time. */
export class Clips {
  readonly #cache: ClipCache
  readonly #signal: AbortSignal
  readonly #making = new Turnstile(2)

  /** The signal calls off what is being made. */
  constructor (cache: ClipCache, signal: AbortSignal) {
    this.#cache = cache
    this.#signal = signal
  }

  /** A file that is damaged is made anew. Throws CLIP_FAILED, or the signal's reason. */
  async of (scene: Scene, quirks: Quirks = new Set()): Promise<Clip> {
    const path = await this.#path(scene)
    try {
      return await loadClip(path, scene, quirks)
    } catch {
      await rm(path, { force: true }).catch(() => {}) // then it fails again, and says so
    }
    const again = await this.#path(scene)
    try {
      return await loadClip(again, scene, quirks)
    } catch (error) {
      throw new CamgateError('CLIP_FAILED', `ffmpeg has made no clip of use of the simulated camera ${scene.id}: ${messageOf(error)}`, { cause: error })
    }
  }

  #path (scene: Scene): Promise<string> {
    return this.#making.pass(() => cachedClip(scene, this.#cache, this.#signal))
  }
}
