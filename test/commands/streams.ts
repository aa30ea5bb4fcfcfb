import { PassThrough, Writable } from 'node:stream'
import type { Io } from '../../src/cli/command.js'

/** Streams of a command that keep what it prints. Its input is `input`, and no terminal. */
export function captured ({ json = false, env = {}, input = '' }: { json?: boolean, env?: Io['env'], input?: string } = {}): Io & { printed (): string, complained (): string } {
  const kept = { stdout: '', stderr: '' }
  const keep = (name: keyof typeof kept) => new Writable({
    write (chunk, _encoding, done) {
      kept[name] += String(chunk)
      done()
    }
  })
  const stdin = Object.assign(new PassThrough().end(input), { isTTY: false }) as unknown as Io['stdin']
  return { json, env, table: [], stdin, stdout: keep('stdout'), stderr: keep('stderr'), printed: () => kept.stdout, complained: () => kept.stderr }
}
