import type { Clock } from '../clock.js'
import { Child, type ProcessExit } from './child.js'
import { commandEnvironment } from './environment.js'

export interface CommandRun {
  readonly program: string
  readonly args: readonly string[]
  /** Filtered by `commandEnvironment`. */
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  /** Called with stdout's bytes until its end, even after `stop()`. */
  readonly onData: (chunk: Buffer) => void
  /** Called once, when the command and its whole process group have exited. */
  readonly onExit: (exit: ProcessExit) => void
}

/** Runs a program without a shell and without input, in its own process group. */
export class CommandProcess {
  readonly #child: Child

  constructor ({ program, args, env, clock, onData, onExit }: CommandRun) {
    this.#child = new Child({ clock, group: true, onExit })
    this.#child.spawn(program, args, { env: commandEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] })?.stdout!.on('data', onData)
  }

  /** Idempotent and legal at any time; `onExit` follows. */
  stop (): void { this.#child.stop() }
}
