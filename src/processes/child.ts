import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../clock.js'
import { redact } from '../text/redact.js'
import { LastLines } from './last-lines.js'

/** From SIGTERM, after which a process can end its session with the camera, to SIGKILL. */
export const KILL_AFTER_MS = 2_000

/** `LastLines` stores more, so that credentials are redacted before the line is cut. */
const MAX_REDACTED_LINE_CHARS = 500
const GROUP_POLL_MS = 50

/** How a process ended. `stderr` holds its last lines, without credentials. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: readonly string[]
  /** Why it could not be spawned: `ENOENT`, `EACCES`, `EMFILE` … */
  readonly spawnError?: string
}

/** One process, from before it is spawned until nothing of it is left. With `group`, that includes everything it has started. */
export class Child {
  readonly #clock: Clock
  readonly #group: boolean
  readonly #onExit: (exit: ProcessExit) => void
  readonly #lastLines = new LastLines(line => redact(line).slice(0, MAX_REDACTED_LINE_CHARS))
  #child: ChildProcess | undefined
  #stopping = false
  #killed = false
  #ended = false
  #cancel: (() => void) | undefined

  /** `onExit` is called once, after the process has exited and its pipes are closed. */
  constructor ({ clock, group = false, onExit }: { clock: Clock, group?: boolean, onExit: (exit: ProcessExit) => void }) {
    this.#clock = clock
    this.#group = group
    this.#onExit = onExit
  }

  /** The last whole lines so far, without credentials. */
  get stderr (): string[] { return [...this.#lastLines.all] }

  /** Call this once. Returns undefined if the process could not be spawned; `onExit` gets the reason. The caller drains stdout to its end. */
  spawn (program: string, args: readonly string[], options: SpawnOptions & { env: NodeJS.ProcessEnv }): ChildProcess | undefined {
    const failed = (error: NodeJS.ErrnoException) => this.fail(error.code ?? error.message)
    let child: ChildProcess
    try {
      child = spawn(program, args, { ...options, detached: this.#group })
    } catch (error) {
      process.nextTick(failed, error) // spawn() throws ENOMEM and the like; the common errors come as events
      return undefined
    }
    child.on('error', error => { if (child.pid === undefined) failed(error) })
    if (child.pid === undefined) return undefined
    this.#child = child
    child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#lastLines.push(text))
    if (this.#group) child.on('exit', () => this.#signalAll()) // ends the children it has left; its output is still read
    child.on('close', (code, signal) => this.#closed(child.pid!, { code, signal }))
    if (this.#stopping) this.#terminate()
    return child
  }

  /** Reports that the process could not be spawned. Ignored if it was. */
  fail (spawnError: string): void {
    if (!this.#child) this.#end({ code: null, signal: null, spawnError })
  }

  /** Idempotent and legal at any time; `onExit` follows. */
  stop (): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#terminate()
  }

  #terminate (): void {
    if (!this.#child) return // not spawned yet: spawn() calls this again
    this.#signalAll()
    this.#child.stdin?.destroy() // ffmpeg ignores the signal while it waits for input
    this.#child.stdout!.destroy() // and while it cannot write; ffmpeg 7.0 ignores it whenever its input is a pipe, but ends when its output is closed
  }

  #signalAll (): void {
    this.#signal('SIGTERM')
    this.#cancel ??= this.#clock.after(KILL_AFTER_MS, () => {
      this.#signal('SIGKILL')
      this.#killed = true
      for (const pipe of this.#child?.stdio ?? []) pipe?.destroy() // a process that has left the group may hold them open, and 'close' would never come
    })
  }

  #signal (signal: NodeJS.Signals): void {
    if (!this.#child) return
    if (this.#group) signalGroup(this.#child.pid!, signal)
    else this.#child.kill(signal)
  }

  /** Waits for the rest of a group, which may hold none of the pipes. After SIGKILL it stops waiting: the parent that should reap them may never do so. */
  #closed (pid: number, exit: Omit<ProcessExit, 'stderr'>): void {
    const check = () => {
      if (!this.#group || this.#killed || !isGroupAlive(pid)) this.#end(exit)
      else this.#clock.after(GROUP_POLL_MS, check)
    }
    check()
  }

  #end (exit: Omit<ProcessExit, 'stderr'>): void {
    if (this.#ended) return
    this.#ended = true
    this.#child = undefined
    this.#cancel?.()
    this.#onExit({ ...exit, stderr: this.stderr })
  }
}

/** Returns whether any process got the signal. The group's id is that of its first process; the system reuses it only after the last one is gone. */
function signalGroup (pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

/**
 * Whether a process of the group is left. Zombies that a slow PID 1 has not reaped yet do not count (proc_pid_stat(5)), unless there is
 * no /proc to recognise them by.
 */
function isGroupAlive (group: number): boolean {
  if (!signalGroup(group, 0)) return false
  try {
    return readdirSync('/proc').some(entry => /^\d+$/.test(entry) && isAliveIn(group, entry))
  } catch {
    return true
  }
}

function isAliveIn (group: number, pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state = '', , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name may contain spaces and parentheses
    return Number(itsGroup) === group && !'ZX'.includes(state)
  } catch {
    return false // it has just gone
  }
}
