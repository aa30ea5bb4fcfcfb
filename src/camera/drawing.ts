import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import PQueue from 'p-queue'
import type { Logger } from 'pino'
import { messageOf } from '../errors.js'
import { drawCaption, type Caption, type Size } from '../ffmpeg/caption.js'
import type { Toolchain } from '../ffmpeg/toolchain.js'
import type { SplitJpeg } from '../frames/frame.js'
import { packageRoot } from '../package.js'

/** Words over a picture of this size, or over a plain ground where there is none. Never rejects. */
export type Draw = (caption: Caption, size: Size, picture: Buffer | undefined) => Promise<SplitJpeg>

/** Says that there is no picture and where to read why: for when ffmpeg, which draws the others, is what is missing. */
export const PLAIN: SplitJpeg = jpegOf(readFileSync(join(packageRoot, 'src/camera/no-picture.jpg')), { width: 640, height: 360 })

/** Draws with the machine's ffmpeg, as many at a time as it has processors: a switch that dies takes many cameras with it. */
export function ffmpegDraw (toolchain: Toolchain, log: Pick<Logger, 'warn'>): Draw {
  const queue = new PQueue({ concurrency: availableParallelism() })
  let told = false
  return (caption, size, picture) => queue.add(async () => {
    const { path } = await toolchain.locate()
    return jpegOf(await drawCaption(path, caption, size, picture), size)
  }).catch((error: unknown) => {
    if (!told) log.warn(`Viewers of a camera that is off see a plain picture: ffmpeg cannot draw the words (${messageOf(error).trim()})`)
    told = true
    return PLAIN
  })
}

function jpegOf (jpeg: Buffer, size: Size): SplitJpeg {
  return { pieces: [jpeg], length: jpeg.length, ...size }
}
