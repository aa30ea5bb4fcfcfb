import type { Clock } from '../clock.js'
import { jpegTrack } from '../codec/track.js'
import { jpegPipe } from '../jpeg/pipe.js'
import { JpegMeter } from '../ingest/jpeg-meter.js'
import type { Reader, ReaderEvents, ReaderReport } from '../ingest/reader.js'
import { CommandProcess } from '../processes/command-process.js'
import type { Failure } from '../failure/failure.js'
import { unreadable } from '../failure/sentences.js'
import type { Ended } from '../failure/ended.js'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** Explains its exit. */
  readonly failureOf: (exit: Ended) => Failure
}

/** Reads the JPEGs that a command writes to its standard output. */
export class CommandReader implements Reader {
  readonly #process: CommandProcess
  readonly #meter: JpegMeter
  #stopped = false
  #broken: Failure | undefined

  constructor ({ program, args, failureOf }: Command, clock: Clock, { onTrack, onPicture, onEnd }: ReaderEvents<Failure>) {
    const meter = this.#meter = new JpegMeter(clock)
    const push = jpegPipe({
      onJpeg: ({ pieces, length, width, height }) => {
        if (!meter.hasPictures) onTrack(jpegTrack)
        meter.count({ width, height })
        onPicture({ codec: 'mjpeg', at: clock.now(), rtpTime: undefined, key: true, damaged: false, bytes: Buffer.concat(pieces, length), width, height })
      },
      onBroken: error => {
        this.#broken = unreadable(error)
        this.#process.stop()
      }
    })
    this.#process = new CommandProcess({
      program,
      args,
      env: process.env,
      clock,
      onData: chunk => {
        meter.add(chunk.length)
        if (!this.#stopped) push(chunk)
      },
      onExit: exit => onEnd(this.#stopped ? undefined : this.#broken ?? failureOf(exit))
    })
  }

  report (): ReaderReport | undefined {
    return this.#meter.hasPictures ? this.#meter.report('pipe') : undefined
  }

  get lastError (): string | undefined {
    return this.#meter.hasBytes && !this.#meter.hasPictures ? 'what the command writes to its standard output is not JPEG pictures' : undefined
  }

  stop (): void {
    this.#stopped = true
    this.#process.stop()
  }
}
