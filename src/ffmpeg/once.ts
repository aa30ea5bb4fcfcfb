import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { ffmpegEnvironment } from '../processes/environment.js'

/** An ffmpeg that ended without doing its work. */
export class FfmpegFailed extends Error {
  /** It took too long, and was ended. */
  readonly killed: boolean

  constructor (message: string, killed: boolean) {
    super(message)
    this.killed = killed
  }
}

export interface OnceOptions {
  readonly stdin: Buffer | undefined
  /** What it reads from descriptor 4, as `pipe:4` (3 is where it reports of a camera's pictures): everybody on the machine can read its arguments, and nobody this. */
  readonly script: string
  /** Milliseconds. */
  readonly timeLimit: number
  readonly signal: AbortSignal
}

/** Runs ffmpeg to its end; resolves with its stdout. Rejects with FfmpegFailed, what spawn says (`ENOENT` …), or an AbortError. */
export function runOnce (path: string, args: readonly string[], { stdin, script, timeLimit, signal }: OnceOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { env: ffmpegEnvironment(), stdio: ['pipe', 'pipe', 'pipe', 'ignore', 'pipe'], timeout: timeLimit, killSignal: 'SIGKILL', signal })
    const written: Buffer[] = []
    let said = ''
    child.on('error', reject)
    if (child.pid === undefined) return // it has no pipes where descriptors have run out
    child.stdout!.on('data', (chunk: Buffer) => written.push(chunk))
    child.stderr!.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-LAST_WORDS) })
    for (const [pipe, content] of [[child.stdin!, stdin], [child.stdio[4] as Writable, script]] as const) {
      pipe.on('error', () => {}).end(content) // one that ends before it has read all of it says why by its exit
    }
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve(Buffer.concat(written))
      else reject(new FfmpegFailed(said.trim() || `ffmpeg ended ${killedBy ? `by ${killedBy}` : `with code ${code}`}`, killedBy === 'SIGKILL'))
    })
  })
}

/** Characters. */
const LAST_WORDS = 4_000
