import type { ChildProcess } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import ffmpeg from 'fluent-ffmpeg'
import type { Clock } from '../clock.js'
import { defectOf } from '../errors.js'
import { Child, type ProcessExit } from '../processes/child.js'
import { ffmpegEnvironment } from '../processes/environment.js'
import { limitMemory } from '../processes/memory-limit.js'
import { pictureLimit, takenArguments } from './arguments.js'

/** Enough for `MAX_PICTURE_PIXELS` with H.264's sixteen references (2.2 GB). `-max_pixels` alone is not enough: a stream that crops its pictures passes it at any size. */
const MAX_MEMORY_BYTES = 2_560 * 1024 * 1024
/** framecrc's lines are shorter. */
const MAX_REPORT_LINE_CHARS = 500
/** Matches an input first: ffmpeg lists its inputs before its outputs. */
const INPUT_STREAM = /Stream #0:\d.*: Video: (\w+)/
/** A line of framecrc: stream, dts, pts, duration, size in bytes, checksum. */
const TAKEN = /^0,[^,]*,[^,]*,[^,]*, *(\d+),/
const SHOWN = /^shown (\d+)$/
/** A line of the metadata filter, whose pts is a byte position here. */
const SHOWN_FROM = /^frame:\d+ +pts:(\w+)/

/** How ffmpeg ended, or the bug in camgate that prevented its start. */
export type FfmpegExit = ProcessExit & { readonly defect?: Error }

/** The exit of an ffmpeg that never started, because of `error` or because it was no longer needed. */
export function neverSpawned (error?: NodeJS.ErrnoException): FfmpegExit {
  const defect = error && defectOf(error)
  return { code: null, signal: null, stderr: [], ...defect ? { defect } : error && { spawnError: error.code ?? error.message } }
}

export interface FfmpegRun {
  readonly path: string
  /** The arguments before `-i`, and the input after it: a name, or the content of stdin as a string or stream. */
  readonly input: { readonly args: readonly string[] } & ({ readonly name: string } | { readonly stdin: string | Readable })
  readonly output: readonly string[]
  readonly clock: Clock
  /** Called with stdout's bytes until `stop()`. */
  readonly onData: (chunk: Buffer) => void
  /** Called once, with ffmpeg's name for the input's codec: `h264`, `mjpeg` … */
  readonly onCodec?: (codec: string) => void
  /** Called with the size in bytes of each picture that ffmpeg reads from stdin, if stdin is a stream of pictures. */
  readonly onTaken?: (bytes: number) => void
  /** Called for each output JPEG with the time of its coded picture, if `output` includes `shownArguments`. */
  readonly onShown?: (at: number) => void
  /** Called for each output JPEG with its coded picture's byte position in stdin, if the filters include `positions`; NaN if ffmpeg does not know it. */
  readonly onShownFrom?: (position: number) => void
  /** Called once, after the process has exited and its pipes are closed. */
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
      _spawnFfmpeg: (args: string[], _options: object, attach: (child: ChildProcess) => void) => this.#spawn(args, attach)
    })
    command.on('error', (error: Error) => this.#child.fail(error.message)) // failed exits arrive here too, and fail() ignores them
    command.run()
  }

  /** The last lines so far, without credentials. */
  get stderr (): string[] { return this.#child.stderr }

  /** Idempotent and allowed at any time. `onExit` follows. */
  stop (): void { this.#child.stop() }

  /** Replaces fluent-ffmpeg's own method, which stores lines of any length, and throws where nobody can catch it if there is no child (EMFILE). */
  #spawn (args: string[], attach: (child: ChildProcess) => void): void {
    const { path, onTaken } = this.#run
    const pipes = ['pipe', 'pipe', 'pipe'] as const
    const child = this.#child.spawn(path, onTaken ? [...args, ...takenArguments] : args, { env: ffmpegEnvironment(), stdio: onTaken ? [...pipes, 'pipe'] : [...pipes] })
    if (!child) return
    limitMemory(child.pid!, MAX_MEMORY_BYTES)
    child.stderr!.on('data', () => this.#lookForCodec())
    if (onTaken) this.#followReports(child.stdio[3] as Readable, onTaken)
    attach(child)
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
      begun = whole.pop()!.slice(-MAX_REPORT_LINE_CHARS)
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

/** Answers fluent-ffmpeg's questions. It would run ffmpeg twice to list formats and encoders, and misread ffmpeg 7's lists. */
function knownFormats (args: readonly string[]): object {
  const formats = Object.fromEntries(args.flatMap((arg, i) => arg === '-f' ? [[args[i + 1], { canDemux: true, canMux: true }]] : []))
  const answers = (what: object) => (done: (error: null, found: object) => void) => done(null, what)
  return { availableFormats: answers(formats), availableEncoders: answers({}) }
}
