import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'
import { directInput, outputArguments } from '../ffmpeg/arguments.js'
import type { Picture } from '../ffmpeg/picture.js'
import { FfmpegProcess, neverSpawned, type FfmpegExit } from '../ffmpeg/process.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { Frame } from '../frames/frame.js'
import { OPENING, partOf } from '../multipart.js'

/** One process that makes other pictures of those that it is given, one of each, in their order. */
export interface Encoding {
  give (frame: Frame): void
  /** Whether a picture waits here because the process has not even begun to read it. */
  readonly full: boolean
  /** Idempotent; `onExit` tells when nothing is left of it. */
  stop (): void
}

export interface EncodingEvents {
  /** Bytes of the MJPEG stream, cut anywhere. */
  readonly onData: (chunk: Buffer) => void
  /** Called once, whatever happens, and never before the encoding was returned. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** What a rendition starts; tests give it another. */
export type Encode = (picture: Picture, events: EncodingEvents) => Encoding

/**
 * Encodings by the machine's ffmpeg. It is given the very parts that viewers are sent: their lengths tell it where a picture ends,
 * so that it does not wait for the next one.
 */
export const ffmpegEncode = (toolchain: FfmpegInstall, clock: Clock): Encode => (picture, { onData, onExit }) => {
  const stdin = new Readable({ read () {} })
  stdin.push(OPENING)
  let process: FfmpegProcess | undefined
  let stopped = false
  const run = async (): Promise<void> => {
    const { path, dialect } = await toolchain.locate()
    if (stopped) return onExit(neverSpawned())
    process = new FfmpegProcess({
      path,
      input: { args: directInput('mjpeg'), stdin },
      output: outputArguments(picture, dialect, 'jpegs'),
      clock,
      onData,
      onExit (exit) {
        if (exit.spawnError) toolchain.forget()
        onExit(exit)
      }
    })
  }
  run().catch((error: NodeJS.ErrnoException) => onExit(neverSpawned(error)))
  return {
    give (frame) { stdin.push(partOf(frame)) },
    get full () { return stdin.readableLength > 0 },
    stop () {
      stopped = true
      process?.stop()
    }
  }
}
