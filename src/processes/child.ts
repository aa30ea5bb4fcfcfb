import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../clock.js'
import { redact } from '../redact.js'
import { LastLines } from './last-lines.js'

/** A process gets SIGTERM first, so that it can say goodbye to its camera; one that has not gone after so long (milliseconds) is killed. */
export const KILL_AFTER = 2_000

/** Of a line, credentials taken out, so many characters are told: it was kept longer, so that no cut goes through an address. */
const LINE_LENGTH = 500
/** How often (milliseconds) it is looked whether the rest of a group has gone. */
const LOOK_EVERY = 50

/** How a process ended. `stderr` is its last lines, without credentials. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: readonly string[]
  /** It could not be spawned: `ENOENT`, `EACCES`, `EMFILE` … */
  readonly spawnError?: string
}

/** One process, from before it is spawned until nothing is left of it; with `group`, of all that it has started. */
export class Child {
  readonly #clock: Clock
  readonly #group: boolean
  readonly #onExit: (exit: ProcessExit) => void
  readonly #said = new LastLines(line => redact(line).slice(0, LINE_LENGTH))
  #child: ChildProcess | undefined
  #stopping = false
  #killed = false
  #ended = false
  #callOff: (() => void) | undefined

  /** `onExit` is called once, when the process is gone and its pipes are closed. */
  constructor ({ clock, group = false, onExit }: { clock: Clock, group?: boolean, onExit: (exit: ProcessExit) => void }) {
    this.#clock = clock
    this.#group = group
    this.#onExit = onExit
  }

  /** The process's id while it is there. */
  get pid (): number | undefined { return this.#child?.pid }

  /** Its last whole lines so far, without credentials. */
  get stderr (): string[] { return [...this.#said.all] }

  /** With an environment that the caller has chosen. Undefined where it could not be spawned, which `onExit` tells. Its stdout is to be drained until the end. */
  spawn (program: string, args: readonly string[], options: SpawnOptions & { env: NodeJS.ProcessEnv }): ChildProcess | undefined {
    const failed = (error: NodeJS.ErrnoException) => this.fail(error.code ?? error.message)
    let child: ChildProcess
    try {
      child = spawn(program, args, { ...options, detached: this.#group })
    } catch (error) {
      process.nextTick(failed, error) // ENOMEM and the like; the common ones come as 'error'
      return undefined
    }
    child.on('error', error => { if (child.pid === undefined) failed(error) })
    if (child.pid === undefined) return undefined
    this.#child = child
    child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#said.push(text))
    if (this.#group) child.on('exit', () => this.#signalAll()) // what it has left behind; what it has written is read
    child.on('close', (code, signal) => this.#closed(child.pid!, { code, signal }))
    if (this.#stopping) this.#terminate()
    return child
  }

  /** It never was: `spawnError` says why. */
  fail (spawnError: string): void {
    if (!this.#child) this.#end({ code: null, signal: null, spawnError })
  }

  /** Idempotent, and legal at any time; `onExit` tells when it is done. */
  stop (): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#terminate()
  }

  #terminate (): void {
    if (!this.#child) return // not spawned yet: spawn() comes back here
    this.#signalAll()
    this.#child.stdin?.destroy() // ffmpeg does not heed the signal while it waits for more to read
    this.#child.stdout!.destroy() // nor while it cannot write; ffmpeg 7.0 not at all where its input is a pipe, but it ends when nobody reads it
  }

  #signalAll (): void {
    this.#signal('SIGTERM')
    this.#callOff ??= this.#clock.after(KILL_AFTER, () => {
      this.#signal('SIGKILL')
      this.#killed = true
      for (const pipe of this.#child?.stdio ?? []) pipe?.destroy() // what has left the group may hold them, and with them the end
    })
  }

  #signal (signal: NodeJS.Signals): void {
    if (!this.#child) return
    if (this.#group) signalGroup(this.#child.pid!, signal)
    else this.#child.kill(signal)
  }

  /** Of a group, others may be left that hold none of its pipes. Once they are killed, none is waited for: who is to reap them may not. */
  #closed (pid: number, exit: Omit<ProcessExit, 'stderr'>): void {
    const look = () => {
      if (!this.#group || this.#killed || !isThere(pid)) this.#end(exit)
      else this.#clock.after(LOOK_EVERY, look)
    }
    look()
  }

  #end (exit: Omit<ProcessExit, 'stderr'>): void {
    if (this.#ended) return
    this.#ended = true
    this.#child = undefined
    this.#callOff?.()
    this.#onExit({ ...exit, stderr: this.stderr })
  }
}

/** Whether there was anybody to get it; a group's id is that of its first process, and not given to another while one is left. */
function signalGroup (pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

/**
 * Whether somebody of the group is left. Who has ended and whom a slow PID 1 has not taken away yet (a zombie, proc_pid_stat(5)) is nobody;
 * where there is no /proc it counts.
 */
function isThere (group: number): boolean {
  if (!signalGroup(group, 0)) return false
  try {
    return readdirSync('/proc').some(entry => /^\d+$/.test(entry) && livesIn(group, entry))
  } catch {
    return true
  }
}

function livesIn (group: number, pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state = '', , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // a name may hold blanks and parentheses
    return Number(its) === group && !'ZX'.includes(state)
  } catch {
    return false // it has gone meanwhile
  }
}
