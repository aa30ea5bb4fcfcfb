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

/** One process that makes one picture of each that it is given, in the same order. */
export interface Encoding {
  give (frame: Frame): void
  /** Whether a picture waits here because the process has not begun to read it. */
  readonly full: boolean
  /** Idempotent. `onExit` is called once nothing is left of the process. */
  stop (): void
}

export interface EncodingEvents {
  readonly onJpeg: (jpeg: SplitJpeg) => void
  /** The output cannot be shown, and nothing comes after it: stop the encoding. */
  readonly onBroken: (error: Error) => void
  /** Called once in any case, and never before the encoding is returned. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** Starts an encoding. */
export type Encode = (picture: PictureSettings, events: EncodingEvents) => Encoding

/**
 * Encodings by the machine's ffmpeg. It is given the parts that viewers are sent: by their Content-Length it finds the end of a picture
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
