import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import PQueue from 'p-queue'
import type { Logger } from 'pino'
import { messageOf } from '../errors.js'
import { drawCaption, drawnSize, type Caption } from './caption.js'
import { FfmpegFailed } from '../ffmpeg/once.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import { packageRoot } from '../package.js'
import { quotable } from '../text/redact.js'
import type { Size } from '../picture-size.js'

/** Draws a caption over a picture of this size, or over a plain background if there is none. A very large picture becomes smaller. Never rejects; abort `signal` when the drawing is no longer needed. */
export type Draw = (caption: Caption, size: Size, picture: Buffer | undefined, signal: AbortSignal) => Promise<SplitJpeg>

/** A ready-made picture with a note that there is no picture and where to read why. Used if the machine's ffmpeg cannot draw, and where there is no time for it. */
export const PLAIN: SplitJpeg = jpegOf(readFileSync(join(packageRoot, 'src/stream/no-picture.jpg')), { width: 640, height: 360 })

/** Draws with the machine's ffmpeg, at most one drawing per processor at a time: when a switch dies, many cameras fail together. */
export class Drawing {
  readonly #install: FfmpegInstall
  readonly #log: Pick<Logger, 'warn'>
  readonly #queue = new PQueue({ concurrency: availableParallelism() })
  readonly #closing = new AbortController()
  #hasWarned = false

  constructor (install: FfmpegInstall, log: Pick<Logger, 'warn'>) {
    this.#install = install
    this.#log = log
  }

  readonly draw: Draw = async (caption, size, picture, unneeded) => {
    const signal = AbortSignal.any([unneeded, this.#closing.signal])
    try {
      return await this.#queue.add(async () => {
        const ffmpeg = await this.#install.locate()
        const over = picture && await drawCaption(ffmpeg, caption, size, picture, signal).catch((error: unknown) => { // the picture may be damaged
          if (signal.aborted || ranOutOfTime(error)) throw error
        })
        const drawn = over ?? await drawCaption(ffmpeg, caption, size, undefined, signal)
        this.#hasWarned = false
        return jpegOf(drawn, drawnSize(size))
      }, { signal })
    } catch (error) {
      if (!signal.aborted) this.#warn(error)
      return PLAIN
    }
  }

  /** From now on, every drawing is PLAIN. Resolves when no drawing is in progress. */
  async close (): Promise<void> {
    this.#closing.abort()
    await this.#queue.onIdle()
  }

  /** Warns once, until a drawing succeeds. */
  #warn (error: unknown): void {
    const lines = messageOf(error).trim().split('\n')
    const why = lines.some(line => line.includes("No such filter: 'drawtext'"))
      ? 'it was built without its filter drawtext. Install an ffmpeg that has it, as Debian\'s has, or set FFMPEG_PATH to one'
      : quotable(lines.at(-1) ?? '')
    if (!this.#hasWarned) this.#log.warn(`Viewers of a camera that is off see a plain picture: ffmpeg cannot draw the words (${why})`)
    this.#hasWarned = true
  }
}

const ranOutOfTime = (error: unknown): boolean => error instanceof FfmpegFailed && error.killed

function jpegOf (jpeg: Buffer, size: Size): SplitJpeg {
  return { pieces: [jpeg], length: jpeg.length, ...size }
}
