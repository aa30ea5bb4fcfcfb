import type { Clock } from '../clock.js'
import { Child, type ProcessExit } from './child.js'

/** What of our own environment a command is given: nothing that a person put there for camgate, such as a camera's password. */
const INHERITED = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_RUNTIME_DIR|LD_LIBRARY_PATH|LIBCAMERA_\w+)$/

export interface CommandRun {
  readonly program: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  /** stdout as it comes; it is drained until the end whatever becomes of the bytes. */
  readonly onData: (chunk: Buffer) => void
  /** Called once, when the command is gone, with all that it has started and that did not leave its process group. */
  readonly onExit: (exit: ProcessExit) => void
}

/** A program that is not ffmpeg: without a shell, without input, in a process group of its own. */
export class CommandProcess {
  readonly #child: Child

  constructor ({ program, args, env, clock, onData, onExit }: CommandRun) {
    this.#child = new Child({ clock, group: true, onExit })
    this.#child.spawn(program, args, { env: inherited(env), stdio: ['ignore', 'pipe', 'pipe'] })?.stdout!.on('data', onData)
  }

  get pid (): number | undefined { return this.#child.pid }
  /** Its last lines so far, without credentials. */
  get stderr (): string[] { return this.#child.stderr }
  /** Idempotent, and legal at any time; `onExit` tells when it is done. */
  stop (): void { this.#child.stop() }
}

export const inherited = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => INHERITED.test(name)))
