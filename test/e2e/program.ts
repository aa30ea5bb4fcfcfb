import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { endWithUs, type Scope } from './service.js'

export interface Program {
  readonly child: ChildProcess
  /** Resolves with the exit code once all that was printed is read. */
  readonly gone: Promise<number | null>
  /** What it has printed so far. */
  said (): string
}

/** Starts a program that is not camgate. It ends with its scope. */
export function startProgram (scope: Scope, program: string, args: readonly string[], options: { readonly cwd?: string, readonly env?: NodeJS.ProcessEnv } = {}): Program {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = once(child, 'close').then(([code]) => code as number | null)
  const watchdog = endWithUs(child.pid!)
  let said = ''
  for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', (text: string) => { said += text })
  scope.teardown(async () => {
    child.kill()
    await gone
    watchdog.kill('SIGKILL')
  })
  return { child, gone, said: () => said }
}
