import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { JpegSplitter } from '../frames/splitter.js'
import type { Reader, ReaderEvents } from '../ingest/reader.js'
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
  #stopped = false
  #pictures = false
  #wrote = false
  #broken: CamgateError | undefined

  constructor ({ program, args, troubleOf }: Command, clock: Clock, { onTrack, onPicture, onEnd }: ReaderEvents) {
    const splitter = new JpegSplitter(({ pieces, length }) => {
      if (!this.#pictures) onTrack({ codec: 'mjpeg' })
      this.#pictures = true
      onPicture({ key: true, bytes: Buffer.concat(pieces, length) })
    })
    this.#process = new CommandProcess({
      program,
      args,
      env: process.env,
      clock,
      onData: chunk => {
        this.#wrote = true
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

  /** Nothing is known beside what its pictures show. */
  report (): undefined { return undefined }

  get complaint (): string | undefined {
    return this.#wrote && !this.#pictures ? 'what the command writes to its standard output is no JPEG pictures' : undefined
  }

  stop (): void {
    this.#stopped = true
    this.#process.stop()
  }
}
