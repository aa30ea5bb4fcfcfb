import { appendFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageRoot } from '../../src/package.js'
import { childrenOf } from './processes.js'
// @ts-ignore: plain JavaScript, because tap's reporter imports it
import { SAID } from './leaks.mjs'

let count = 0

/** Stores every byte of output of one service, in files that are searched for credentials after the tests. */
export class Recording {
  /** The path of the files, without their extensions. */
  readonly path = join(SAID, `${basename(process.argv[1] ?? 'test', '.ts')}-${process.pid}-${++count}`)

  constructor () {
    mkdirSync(SAID, { recursive: true })
  }

  /** Arguments and variables for node that make the service record its HTTP answers, and the proofs in requests. */
  get start (): { args: string[], env: NodeJS.ProcessEnv } {
    return { args: ['--import', join(packageRoot, 'test/e2e/answers.mjs')], env: { ANSWERS_FILE: `${this.path}.answers`, PROOFS_FILE: `${this.path}.proofs` } }
  }

  keep (stream: 'stdout' | 'stderr', bytes: Buffer | string): void {
    appendFileSync(`${this.path}.${stream}`, bytes)
  }

  /** Records what everybody on the machine can read about the service's processes. */
  keepProcesses (pid: number): void {
    appendFileSync(`${this.path}.processes`, childrenOf(pid).map(({ pid, command }) => `${pid} ${command}\n`).join(''))
  }
}
