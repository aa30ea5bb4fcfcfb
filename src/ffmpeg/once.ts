import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { ffmpegEnvironment } from '../processes/environment.js'

const MAX_STDERR_CHARS = 4_000

/** ffmpeg exited without doing its work. */
export class FfmpegFailed extends Error {
  /** It was killed because it took too long. */
  readonly killed: boolean

  constructor (message: string, killed: boolean) {
    super(message)
    this.killed = killed
  }
}

export interface OnceOptions {
  readonly stdin: Buffer | undefined
  /** The content of `pipe:4`. Unlike arguments, it is hidden from everybody else on the machine. Descriptor 3 is for reports about pictures (`FfmpegProcess`). */
  readonly script: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Runs ffmpeg to its end and resolves with its stdout. Rejects with FfmpegFailed, spawn's error (`ENOENT` …) or an AbortError. */
export function runOnce (path: string, args: readonly string[], { stdin, script, timeoutMs, signal }: OnceOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { env: ffmpegEnvironment(), stdio: ['pipe', 'pipe', 'pipe', 'ignore', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL', signal })
    const written: Buffer[] = []
    let stderr = ''
    child.on('error', reject)
    if (child.pid === undefined) return // out of file descriptors: there are no pipes
    child.stdout!.on('data', (chunk: Buffer) => written.push(chunk))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => { stderr = (stderr + text).slice(-MAX_STDERR_CHARS) })
    for (const [pipe, content] of [[child.stdin!, stdin], [child.stdio[4] as Writable, script]] as const) {
      pipe.on('error', () => {}).end(content) // if ffmpeg exits before it has read everything, its exit gives the reason
    }
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(Buffer.concat(written))
      else reject(new FfmpegFailed(stderr.trim() || `ffmpeg ended ${killedBy ? `by ${killedBy}` : `with code ${code}`}`, killedBy === 'SIGKILL'))
    })
  })
}
