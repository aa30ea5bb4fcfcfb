import type { ChildProcess } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import ffmpeg from 'fluent-ffmpeg'
import type { Clock } from '../clock.js'
import { defectOf } from '../errors.js'
import { Child, type ProcessExit } from '../processes/child.js'
import { ffmpegEnvironment } from '../processes/environment.js'
import { limitMemory } from '../processes/memory-limit.js'
import { pictureLimit, takenArguments } from './arguments.js'

/** Bytes: what `MOST_PIXELS` take with the sixteen references of H.264, 2.2 GB, and some. A stream that crops its pictures passes `-max_pixels` at any size. */
const MOST_MEMORY = 2_560 * 1024 * 1024
/** A line of framecrc is shorter. */
const LINE_LENGTH = 500
/** ffmpeg tells of its inputs before its outputs. */
const INPUT_STREAM = /Stream #0:\d.*: Video: (\w+)/
/** framecrc: stream, dts, pts, duration, size in bytes, checksum. */
const TAKEN = /^0,[^,]*,[^,]*,[^,]*, *(\d+),/
const SHOWN = /^shown (\d+)$/
/** metadata, with a place for a time. */
const SHOWN_FROM = /^frame:\d+ +pts:(\w+)/

/** How ffmpeg ended, or which mistake in camgate kept it from being started. */
export type FfmpegExit = ProcessExit & { readonly defect?: Error }

/** The end of one that there never was: `error` says why, where it was not simply wanted no more. */
export function neverSpawned (error?: NodeJS.ErrnoException): FfmpegExit {
  const defect = error && defectOf(error)
  return { code: null, signal: null, stderr: [], ...defect ? { defect } : error && { spawnError: error.code ?? error.message } }
}

export interface FfmpegRun {
  readonly path: string
  /** What stands before `-i`, and behind it a name, or the standard input: the whole of it, or a stream. */
  readonly input: { readonly args: readonly string[] } & ({ readonly name: string } | { readonly stdin: string | Readable })
  readonly output: readonly string[]
  readonly clock: Clock
  /** stdout as it comes, until it is stopped. */
  readonly onData: (chunk: Buffer) => void
  /** Called once, when ffmpeg has said which codec it reads, in its own words: `h264`, `mjpeg` … */
  readonly onCodec?: (codec: string) => void
  /** Called with the bytes of each picture that ffmpeg has taken from its standard input, where that is a stream of pictures. */
  readonly onTaken?: (bytes: number) => void
  /** Called for each JPEG that comes out, with the time of the picture that it was made of, where `output` asks for that (`shownArguments`). */
  readonly onShown?: (at: number) => void
  /** The same with the place at which that picture began in what ffmpeg has read, NaN where it does not know it (`positions`). */
  readonly onShownFrom?: (position: number) => void
  /** Called once, when the process is gone and its pipes are closed. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** One ffmpeg process: one attempt. */
export class FfmpegProcess {
  readonly #run: FfmpegRun
  readonly #child: Child
  #codec: string | undefined

  constructor (run: FfmpegRun) {
    this.#run = run
    const { input, output, onData, clock, onExit } = run
    this.#child = new Child({ clock, onExit })
    const stdout = new Writable({ write (chunk: Buffer, _encoding, done) { onData(chunk); done() } })
    const command = ffmpeg({ source: 'name' in input ? input.name : typeof input.stdin === 'string' ? Readable.from([Buffer.from(input.stdin)]) : input.stdin })
      .inputOptions('-hide_banner', '-nostats', '-loglevel', 'level+info', ...pictureLimit, ...input.args)
      .output(stdout)
      .outputOptions('-y', ...output)
    Object.assign(command, {
      ...knownFormats([...input.args, ...output]),
      _spawnFfmpeg: (args: string[], _options: object, wire: (child: ChildProcess) => void) => this.#spawn(args, wire)
    })
    command.on('error', (error: Error) => { // it tells of failed exits, too: those are read from the child itself
      this.#child.fail(error.message)
    })
    command.run()
  }

  /** The process's id while it is there. */
  get pid (): number | undefined { return this.#child.pid }

  /** Its last lines so far, without credentials. */
  get stderr (): string[] { return this.#child.stderr }

  /** Idempotent, and legal at any time; `onExit` tells when it is done. */
  stop (): void { this.#child.stop() }

  /** In the place of fluent-ffmpeg's own, which throws where nothing can catch it when there is no child (EMFILE), and keeps a line of any length. */
  #spawn (args: string[], wire: (child: ChildProcess) => void): void {
    const { path, onTaken } = this.#run
    const pipes = ['pipe', 'pipe', 'pipe'] as const
    const child = this.#child.spawn(path, onTaken ? [...args, ...takenArguments] : args, { env: ffmpegEnvironment(), stdio: onTaken ? [...pipes, 'pipe'] : [...pipes] })
    if (!child) return
    limitMemory(child.pid!, MOST_MEMORY)
    child.stderr!.on('data', () => this.#lookForCodec())
    if (onTaken) this.#followReports(child.stdio[3] as Readable, onTaken)
    wire(child)
  }

  #lookForCodec (): void {
    if (this.#codec || !this.#run.onCodec) return
    this.#codec = this.#child.stderr.map(line => INPUT_STREAM.exec(line)?.[1]).find(Boolean)
    if (this.#codec) this.#run.onCodec(this.#codec)
  }

  #followReports (lines: Readable, onTaken: (bytes: number) => void): void {
    let begun = ''
    lines.setEncoding('latin1').on('data', (text: string) => {
      const whole = (begun + text).split('\n')
      begun = whole.pop()!.slice(-LINE_LENGTH)
      for (const line of whole) {
        const bytes = TAKEN.exec(line)?.[1]
        if (bytes) onTaken(Number(bytes))
        const at = SHOWN.exec(line)?.[1]
        if (at) this.#run.onShown?.(Number(at))
        const from = SHOWN_FROM.exec(line)?.[1]
        if (from) this.#run.onShownFrom?.(Number(from))
      }
    })
  }
}

/** fluent-ffmpeg would run ffmpeg twice to learn which formats and encoders there are, and misreads ffmpeg 7's answer. */
function knownFormats (args: readonly string[]): object {
  const formats = Object.fromEntries(args.flatMap((arg, i) => arg === '-f' ? [[args[i + 1], { canDemux: true, canMux: true }]] : []))
  const answers = (what: object) => (done: (error: null, found: object) => void) => done(null, what)
  return { availableFormats: answers(formats), availableEncoders: answers({}) }
}
