import { findFfmpeg } from './binary.js'
import { askDialect, type FfmpegDialect } from './dialect.js'
import { Decoders } from './decoders.js'

export interface Ffmpeg { readonly path: string, readonly dialect: FfmpegDialect, readonly decoders: Decoders }

/** The machine's ffmpeg. Looks for it when it is first needed, and again until there is one. */
export class FfmpegInstall {
  readonly #closing: AbortSignal
  #found: Promise<Ffmpeg> | undefined

  /** `closing` ends trials of decoders. */
  constructor (closing: AbortSignal = new AbortController().signal) {
    this.#closing = closing
  }

  /** @throws Error `ENOENT` if there is no ffmpeg; spawn's error if it cannot be run. */
  locate (): Promise<Ffmpeg> {
    this.#found ??= this.#look().catch((error: unknown) => {
      this.forget()
      throw error
    })
    return this.#found
  }

  /** Call this when ffmpeg could not be run: it may have been moved or updated, so `locate()` looks again. */
  forget (): void {
    this.#found = undefined
  }

  async #look (): Promise<Ffmpeg> {
    const path = findFfmpeg()
    if (!path) throw Object.assign(new Error('ffmpeg is not there'), { code: 'ENOENT' })
    return { path, dialect: await askDialect(path), decoders: new Decoders(path, this.#closing) }
  }
}
