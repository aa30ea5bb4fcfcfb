import { spawn, type ChildProcess } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import ffmpeg from 'fluent-ffmpeg'
import type { Clock } from '../clock.js'
import { redact } from '../sources/redact.js'
import { takenArguments } from './arguments.js'
import { LastLines } from './last-lines.js'

/** ffmpeg gets SIGTERM first, so that RTSP TEARDOWN is sent; one that has not gone after so long (milliseconds) is killed. */
export const KILL_AFTER = 2_000

/** Of a line, credentials taken out, so many characters are told: it was kept longer, so that no cut goes through an address. */
const LINE_LENGTH = 500
/** ffmpeg tells of its inputs before its outputs. */
const INPUT_STREAM = /Stream #0:\d.*: Video: (\w+)/
/** framecrc: stream, dts, pts, duration, size in bytes, checksum. */
const TAKEN = /^0,[^,]*,[^,]*,[^,]*, *(\d+),/

/** How ffmpeg ended. `stderr` is its last lines, without credentials. */
export interface FfmpegExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: readonly string[]
  /** It could not be spawned: `ENOENT`, `EACCES`, `EMFILE` … */
  readonly spawnError?: string
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
  /** Called once, when the process is gone and its pipes are closed. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** One ffmpeg process: one attempt. */
export class FfmpegProcess {
  readonly #run: FfmpegRun
  readonly #said = new LastLines()
  #child: ChildProcess | undefined
  #stopping = false
  #ended = false
  #codec: string | undefined
  #callOff: (() => void) | undefined

  constructor (run: FfmpegRun) {
    this.#run = run
    const { input, output, onData } = run
    const stdout = new Writable({ write (chunk: Buffer, _encoding, done) { onData(chunk); done() } })
    const command = ffmpeg({ source: 'name' in input ? input.name : typeof input.stdin === 'string' ? Readable.from([Buffer.from(input.stdin)]) : input.stdin })
      .inputOptions('-hide_banner', '-nostats', '-loglevel', 'level+info', ...input.args)
      .output(stdout)
      .outputOptions('-y', ...output)
    Object.assign(command, {
      ...knownFormats([...input.args, ...output]),
      _spawnFfmpeg: (args: string[], _options: object, wire: (child: ChildProcess) => void) => this.#spawn(args, wire)
    })
    command.on('error', (error: Error) => { // it tells of failed exits, too: those are read from the child itself
      if (!this.#child) this.#end({ code: null, signal: null, spawnError: error.message })
    })
    command.run()
  }

  /** The process's id once it is there. */
  get pid (): number | undefined { return this.#child?.pid }

  /** Its last lines so far, without credentials. */
  get stderr (): string[] { return this.#said.all.map(line => redact(line).slice(0, LINE_LENGTH)) }

  /** Idempotent, and legal at any time; `onExit` tells when it is done. */
  stop (): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#terminate()
  }

  /** In the place of fluent-ffmpeg's own, which throws where nothing can catch it when there is no child (EMFILE), and keeps a line of any length. */
  #spawn (args: string[], wire: (child: ChildProcess) => void): void {
    const failed = (error: NodeJS.ErrnoException) => this.#end({ code: null, signal: null, spawnError: error.code ?? error.message })
    let child: ChildProcess
    try {
      child = this.#run.onTaken
        ? spawn(this.#run.path, [...args, ...takenArguments], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
        : spawn(this.#run.path, args)
    } catch (error) {
      return failed(error as NodeJS.ErrnoException) // ENOMEM and the like; the common ones come as 'error'
    }
    child.on('error', error => { if (child.pid === undefined) failed(error) })
    if (child.pid === undefined) return
    this.#child = child
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said.push(text)
      this.#lookForCodec()
    })
    if (this.#run.onTaken) this.#followTaken(child.stdio[3] as Readable, this.#run.onTaken)
    child.on('close', (code, signal) => this.#end({ code, signal }))
    wire(child)
    if (this.#stopping) this.#terminate()
  }

  #lookForCodec (): void {
    if (this.#codec || !this.#run.onCodec) return
    this.#codec = this.#said.all.map(line => INPUT_STREAM.exec(line)?.[1]).find(Boolean)
    if (this.#codec) this.#run.onCodec(this.#codec)
  }

  #followTaken (lines: Readable, onTaken: (bytes: number) => void): void {
    let begun = ''
    lines.setEncoding('latin1').on('data', (text: string) => {
      const whole = (begun + text).split('\n')
      begun = whole.pop()!.slice(-LINE_LENGTH)
      for (const line of whole) {
        const bytes = TAKEN.exec(line)?.[1]
        if (bytes) onTaken(Number(bytes))
      }
    })
  }

  #end (exit: Omit<FfmpegExit, 'stderr'>): void {
    if (this.#ended) return
    this.#ended = true
    this.#child = undefined
    this.#callOff?.()
    this.#run.onExit({ ...exit, stderr: this.stderr })
  }

  #terminate (): void {
    if (!this.#child) return // not spawned yet: #spawn comes back here
    this.#child.kill('SIGTERM')
    this.#child.stdin!.destroy() // it does not heed the signal while it waits for more to read
    this.#child.stdout!.destroy() // nor while it cannot write; ffmpeg 7.0 not at all where its input is a pipe, but it ends when nobody reads it
    this.#callOff = this.#run.clock.after(KILL_AFTER, () => this.#child?.kill('SIGKILL'))
  }
}

/** fluent-ffmpeg would run ffmpeg twice to learn which formats and encoders there are, and misreads ffmpeg 7's answer. */
function knownFormats (args: readonly string[]): object {
  const formats = Object.fromEntries(args.flatMap((arg, i) => arg === '-f' ? [[args[i + 1], { canDemux: true, canMux: true }]] : []))
  const answers = (what: object) => (done: (error: null, found: object) => void) => done(null, what)
  return { availableFormats: answers(formats), availableEncoders: answers({}) }
}
