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
import { quotable } from '../redact.js'
import type { Size } from '../picture-size.js'

/** Words over a picture of this size, or over a plain ground where there is none, smaller where that is very large. Never rejects; `signal` says that nobody needs it any more. */
export type Draw = (caption: Caption, size: Size, picture: Buffer | undefined, signal: AbortSignal) => Promise<SplitJpeg>

/** Says that there is no picture and where to read why: for when ffmpeg, which draws the others, is what is missing. */
export const PLAIN: SplitJpeg = jpegOf(readFileSync(join(packageRoot, 'src/stream/no-picture.jpg')), { width: 640, height: 360 })

/** Draws with the machine's ffmpeg, as many at a time as it has processors: a switch that dies takes many cameras with it. */
export class Drawing {
  readonly #toolchain: FfmpegInstall
  readonly #log: Pick<Logger, 'warn'>
  readonly #queue = new PQueue({ concurrency: availableParallelism() })
  readonly #closing = new AbortController()
  #told = false

  constructor (toolchain: FfmpegInstall, log: Pick<Logger, 'warn'>) {
    this.#toolchain = toolchain
    this.#log = log
  }

  readonly draw: Draw = async (caption, size, picture, unneeded) => {
    const signal = AbortSignal.any([unneeded, this.#closing.signal])
    try {
      return await this.#queue.add(async () => {
        const ffmpeg = await this.#toolchain.locate()
        const over = picture && await drawCaption(ffmpeg, caption, size, picture, signal).catch((error: unknown) => { // it may be damaged
          if (signal.aborted || ranOutOfTime(error)) throw error
        })
        const drawn = over ?? await drawCaption(ffmpeg, caption, size, undefined, signal)
        this.#told = false
        return jpegOf(drawn, drawnSize(size))
      }, { signal })
    } catch (error) {
      if (!signal.aborted) this.#tell(error)
      return PLAIN
    }
  }

  /** Whatever is asked for from now on is PLAIN. Resolves when nothing is being drawn any more. */
  async close (): Promise<void> {
    this.#closing.abort()
    await this.#queue.onIdle()
  }

  /** Once for as long as it lasts. */
  #tell (error: unknown): void {
    const said = messageOf(error).trim().split('\n')
    const why = said.some(line => line.includes("No such filter: 'drawtext'"))
      ? 'it was built without its filter drawtext. Install an ffmpeg that has it, as Debian\'s has, or set FFMPEG_PATH to one'
      : quotable(said.at(-1) ?? '')
    if (!this.#told) this.#log.warn(`Viewers of a camera that is off see a plain picture: ffmpeg cannot draw the words (${why})`)
    this.#told = true
  }
}

const ranOutOfTime = (error: unknown): boolean => error instanceof FfmpegFailed && error.killed

function jpegOf (jpeg: Buffer, size: Size): SplitJpeg {
  return { pieces: [jpeg], length: jpeg.length, ...size }
}
