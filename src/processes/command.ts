import type { Clock } from '../clock.js'
import { Child, type ProcessExit } from './child.js'
import { commandEnvironment } from './environment.js'

export interface CommandRun {
  readonly program: string
  readonly args: readonly string[]
  /** Of which it is given what `commandEnvironment` leaves. */
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
    this.#child.spawn(program, args, { env: commandEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] })?.stdout!.on('data', onData)
  }

  get pid (): number | undefined { return this.#child.pid }
  /** Its last lines so far, without credentials. */
  get stderr (): string[] { return this.#child.stderr }
  /** Idempotent, and legal at any time; `onExit` tells when it is done. */
  stop (): void { this.#child.stop() }
}
