import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'
import { directInput, outputArguments } from '../ffmpeg/arguments.js'
import type { PictureSettings } from '../ffmpeg/picture-settings.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import { startFfmpeg } from '../ffmpeg/start.js'
import type { Frame } from '../frames/frame.js'
import { jpegPipe } from '../jpeg/pipe.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
import { OPENING, partOf } from '../multipart.js'

/** One process that encodes each picture it is given into one JPEG, in the same order. */
export interface Encoding {
  give (frame: Frame): void
  /** Whether a picture still waits because the process has not begun to read it. */
  readonly full: boolean
  /** Idempotent. `onExit` is called once nothing is left of the process. */
  stop (): void
}

export interface EncodingEvents {
  readonly onJpeg: (jpeg: SplitJpeg) => void
  /** The output is unusable, and no event but `onExit` follows: stop the encoding. */
  readonly onBroken: (error: Error) => void
  /** Called exactly once, and never before the encoding is returned. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** Starts an encoding. */
export type Encode = (picture: PictureSettings, events: EncodingEvents) => Encoding

/**
 * Encodes with the machine's ffmpeg. It gets the same multipart stream as viewers: Content-Length lets it find the end of a picture
 * without waiting for the next one.
 */
export const ffmpegEncode = (install: FfmpegInstall, clock: Clock): Encode => (picture, { onJpeg, onBroken, onExit }) => {
  const stdin = new Readable({ read () {} })
  stdin.push(OPENING)
  const running = startFfmpeg(install, clock, ({ dialect }) => ({
    input: { args: directInput('mjpeg'), stdin },
    output: outputArguments(picture, dialect, 'jpegs'),
    onData: jpegPipe({ onJpeg, onBroken })
  }), onExit)
  return {
    give (frame) { stdin.push(partOf(frame)) },
    get full () { return stdin.readableLength > 0 },
    stop () { running.stop() }
  }
}
