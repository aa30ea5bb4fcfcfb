import type { ChildProcess } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import ffmpeg from 'fluent-ffmpeg'
import type { Clock } from '../clock.js'
import { redact } from '../sources/redact.js'
import type { FfmpegInput } from '../sources/source.js'

/** ffmpeg gets SIGTERM first, so that RTSP TEARDOWN is sent; one that has not gone after so long (milliseconds) is killed. */
export const KILL_AFTER = 2_000
/** Enough to tell why it ended: each line is cut at so many characters, and so many of the last ones are kept. */
const LINES = 60
const LINE_LENGTH = 500

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
  readonly input: FfmpegInput
  readonly output: readonly string[]
  readonly clock: Clock
  /** stdout as it comes; it is drained until the end whatever becomes of the bytes, for ffmpeg ignores SIGTERM while its stdout is full. */
  readonly onData: (chunk: Buffer) => void
  /** One line of stderr, without credentials. */
  readonly onLine?: (line: string) => void
  /** Called once, when the process is gone and its pipes are closed. */
  readonly onExit: (exit: FfmpegExit) => void
}

/** One ffmpeg process: one attempt. */
export class FfmpegProcess {
  /** Its last lines so far, without credentials. */
  readonly stderr: string[] = []
  readonly #clock: Clock
  #child: ChildProcess | undefined
  #stopping = false
  #callOff: (() => void) | undefined

  constructor ({ path, input, output, clock, onData, onLine, onExit }: FfmpegRun) {
    this.#clock = clock
    const { stderr } = this
    let ended = false
    const end = (exit: Omit<FfmpegExit, 'stderr'>) => { // the first to come is right: 'close' follows a failed spawn, too
      if (ended) return
      ended = true
      this.#child = undefined
      this.#callOff?.()
      onExit({ ...exit, stderr })
    }
    const cannotSpawn = (error: NodeJS.ErrnoException) => { // fluent-ffmpeg's 'error' tells of failed exits, too
      if (!this.#child?.pid) end({ code: null, signal: null, spawnError: error.code ?? error.message })
    }
    const stdout = new Writable({ write (chunk: Buffer, _encoding, done) { onData(chunk); done() } })
    const stdin = Readable.from([Buffer.from(input.stdin)])
    const command = ffmpeg({ source: stdin, stdoutLines: LINES })
      .setFfmpegPath(path)
      .inputOptions('-hide_banner', '-nostats', '-loglevel', 'level+info', ...input.args)
      .output(stdout)
      .outputOptions('-y', ...output)
    knowFormats(command, [...input.args, ...output])
    command
      .on('stderr', (raw: string) => {
        const line = redact(raw.slice(0, LINE_LENGTH))
        if (stderr.push(line) > LINES) stderr.shift()
        onLine?.(line)
      })
      .on('error', cannotSpawn)
      .on('start', () => {
        const child = this.#child = (command as unknown as { ffmpegProc: ChildProcess }).ffmpegProc
        child.removeAllListeners('error') // fluent-ffmpeg's own throws when a spawn has failed
        child.on('error', cannotSpawn)
        child.on('close', (code, signal) => end({ code, signal }))
        if (this.#stopping) this.#terminate()
      })
      .run()
  }

  /** The process's id once it is there. */
  get pid (): number | undefined { return this.#child?.pid }

  /** Idempotent, and legal at any time; `onExit` tells when it is done. */
  stop (): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#terminate()
  }

  #terminate (): void {
    if (!this.#child) return // not spawned yet: 'start' comes back here
    this.#child.kill('SIGTERM')
    this.#callOff = this.#clock.after(KILL_AFTER, () => this.#child?.kill('SIGKILL'))
  }
}

/** fluent-ffmpeg would run ffmpeg twice to learn which formats and encoders there are, and misreads ffmpeg 7's answer. */
function knowFormats (command: ffmpeg.FfmpegCommand, args: readonly string[]): void {
  const formats = Object.fromEntries(args.flatMap((arg, i) => arg === '-f' ? [[args[i + 1], { canDemux: true, canMux: true }]] : []))
  const answers = (what: object) => (done: (error: null, found: object) => void) => done(null, what)
  Object.assign(command, { availableFormats: answers(formats), availableEncoders: answers({}) })
}
