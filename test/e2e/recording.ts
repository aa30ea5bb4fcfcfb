import { appendFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageRoot } from '../../src/package.js'
import { childrenOf } from './processes.js'
// @ts-ignore: plain JavaScript, for tap's reporter imports it
import { SAID } from './leaks.mjs'

let count = 0

/** Every byte that one service says, in files that are searched for credentials when the tests are over. */
export class Recording {
  /** The files' path, less what tells them apart. */
  readonly path = join(SAID, `${basename(process.argv[1] ?? 'test', '.ts')}-${process.pid}-${++count}`)

  constructor () {
    mkdirSync(SAID, { recursive: true })
  }

  /** What node and the service must be given to keep what is answered over HTTP. */
  get start (): { args: string[], env: NodeJS.ProcessEnv } {
    return { args: ['--import', join(packageRoot, 'test/e2e/answers.mjs')], env: { ANSWERS_FILE: `${this.path}.answers` } }
  }

  keep (what: 'stdout' | 'stderr', bytes: Buffer | string): void {
    appendFileSync(`${this.path}.${what}`, bytes)
  }

  /** What everybody on the machine can read of the service's processes now. */
  keepProcesses (pid: number): void {
    appendFileSync(`${this.path}.processes`, childrenOf(pid).map(({ pid, command }) => `${pid} ${command}\n`).join(''))
  }
}
