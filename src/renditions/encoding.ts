import { Readable } from 'node:stream'
import type { Clock } from '../clock.js'
import { directInput, outputArguments } from '../ffmpeg/arguments.js'
import type { Picture } from '../ffmpeg/picture.js'
import type { FfmpegInstall } from '../ffmpeg/install.js'
import type { FfmpegExit } from '../ffmpeg/process.js'
import { startFfmpeg } from '../ffmpeg/start.js'
import type { Frame } from '../frames/frame.js'
import { jpegPipe } from '../jpeg/pipe.js'
import type { SplitJpeg } from '../jpeg/splitter.js'
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
  readonly onJpeg: (jpeg: SplitJpeg) => void
  /** What comes out cannot be shown, and nothing comes after it: the encoding is to be stopped. */
  readonly onBroken: (error: Error) => void
  /** Called once, whatever happens, and never before the encoding was returned. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** What a rendition starts; tests give it another. */
export type Encode = (picture: Picture, events: EncodingEvents) => Encoding

/**
 * Encodings by the machine's ffmpeg. It is given the very parts that viewers are sent: their lengths tell it where a picture ends,
 * so that it does not wait for the next one.
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
