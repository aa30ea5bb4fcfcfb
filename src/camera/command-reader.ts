import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { JpegSplitter } from '../frames/splitter.js'
import { RateMeter } from '../frames/rate.js'
import { BitRate } from '../ingest/bit-rate.js'
import type { Reader, ReaderEvents, ReaderReport } from '../ingest/reader.js'
import { CommandProcess } from '../processes/command.js'
import type { Ended, Trouble } from '../sources/source.js'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** How its end is told. */
  readonly troubleOf: (exit: Ended) => Trouble
}

/** A command has ended that was not told to. */
export class CommandEnded extends Error {
  readonly trouble: Trouble

  constructor (trouble: Trouble) {
    super(trouble.message)
    this.trouble = trouble
  }
}

/** Reads the JPEGs that a command writes to its standard output. */
export class CommandReader implements Reader {
  readonly #process: CommandProcess
  readonly #clock: Clock
  readonly #rate = new RateMeter()
  readonly #bitRate: BitRate
  #size: { width: number, height: number } | undefined
  #bytes = 0
  #stopped = false
  #broken: CamgateError | undefined

  constructor ({ program, args, troubleOf }: Command, clock: Clock, { onTrack, onPicture, onEnd }: ReaderEvents) {
    this.#clock = clock
    this.#bitRate = new BitRate(clock.now())
    const splitter = new JpegSplitter(({ pieces, length, width, height }) => {
      if (!this.#size) onTrack({ codec: 'mjpeg' })
      this.#size = { width, height }
      this.#rate.count(clock.now())
      onPicture({ key: true, bytes: Buffer.concat(pieces, length) })
    })
    this.#process = new CommandProcess({
      program,
      args,
      env: process.env,
      clock,
      onData: chunk => {
        this.#bytes += chunk.length
        this.#bitRate.look(this.#bytes, clock.now())
        if (this.#stopped || this.#broken) return // drained, and not shown
        try {
          splitter.push(chunk)
        } catch (error) {
          if (!(error instanceof CamgateError)) throw error
          this.#broken = error
          this.#process.stop()
        }
      },
      onExit: exit => onEnd(this.#stopped ? undefined : this.#broken ?? new CommandEnded(troubleOf(exit)))
    })
  }

  report (): ReaderReport | undefined {
    return this.#size && {
      ...{ transport: 'pipe', codec: 'mjpeg', profile: undefined, ...this.#size, cameraTime: undefined },
      ...{ fps: this.#rate.fps(this.#clock.now()), bitsPerSecond: this.#bitRate.bitsPerSecond, picturesDamaged: 0 }
    }
  }

  get complaint (): string | undefined {
    return this.#bytes > 0 && !this.#size ? 'what the command writes to its standard output is no JPEG pictures' : undefined
  }

  stop (): void {
    this.#stopped = true
    this.#process.stop()
  }
}
