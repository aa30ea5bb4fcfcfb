import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ServiceStatus } from '../../src/http/routes/status.js'
export type { ServiceStatus }
import { messageOf } from '../../src/errors.js'
import { packageRoot } from '../../src/package.js'
import { checkMarked } from './credentials.js'
import { Recording } from './recording.js'
import { until } from './until.js'

const STATUS_POLL_MS = 50
/** Enough of the log to see what went wrong. */
const MAX_LOG_LINES = 20
/** Generous: camgate promises to end within 3 s, which tests check. */
const KILL_AFTER_MS = 10_000

export interface ServiceOptions {
  /** The path of its cameras.yaml. */
  readonly config: string
  /** After `serve --config … --port 0`; of two equal options the last one wins. */
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** A command in front of its own, such as `ip netns exec`, that replaces itself by the rest of its arguments. */
  readonly prefix?: readonly string[]
}

/** One line of its log. The further fields of a camera's lines are in src/camera/supervisor.ts. */
export interface LogLine { readonly level: number, readonly msg: string, readonly [key: string]: unknown }

/** How it ended, and how long after the signal. */
export interface ServiceEnd { readonly code: number | null, readonly signal: NodeJS.Signals | null, readonly ms: number }

/** A test, or something like one, that owns a service. */
export interface Scope {
  fail (message: string): unknown
  teardown (close: () => unknown): unknown
}

/** The real service in its own process. */
export class Service {
  readonly log: LogLine[] = []
  /** Resolves when the process is gone and all of its output has been read. */
  readonly gone: Promise<Omit<ServiceEnd, 'ms'>>
  stderr = ''
  readonly recording = new Recording()
  readonly #child: ChildProcess
  #isGone = false

  constructor (scope: Scope, { config, args = [], env = {}, prefix = [] }: ServiceOptions) {
    checkMarked(readFileSync(config, 'utf8'))
    const { recording } = this
    const state = mkdtempSync(join(tmpdir(), 'camgate-state-')) // what one test stops must not be stopped in the next one
    const [program, ...words] = [
      ...prefix, process.execPath, ...recording.start.args, join(packageRoot, 'dist/main.js'), 'serve', '--config', config, '--port', '0', ...args
    ] as [string, ...string[]]
    const child = this.#child = spawn(program, words, {
      env: { ...process.env, HOST: '', PORT: '', CAMGATE_AUTH: '', CAMGATE_ORIGINS: '', LOG_LEVEL: 'info', NODE_OPTIONS: '', STATE_DIRECTORY: state, ...recording.start.env, ...env }, // nor tap's loader
      stdio: ['ignore', 'pipe', 'pipe']
    })
    child.stdout!.on('data', (chunk: Buffer) => recording.keep('stdout', chunk))
    this.gone = once(child, 'close').then(([code, signal]) => {
      this.#isGone = true
      return { code, signal }
    })
    createInterface(child.stdout!).on('line', line => {
      try {
        this.log.push(JSON.parse(line))
        recording.keepProcesses(child.pid!)
      } catch {
        scope.fail(`stdout contains a line that is not JSON: ${line}`)
      }
    })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
      recording.keep('stderr', text)
    })
    const watchdog = endWithUs(child.pid!)
    scope.teardown(async () => {
      await this.end()
      watchdog.kill('SIGKILL')
      rmSync(state, { recursive: true, force: true })
    })
  }

  get pid (): number { return this.#child.pid! }

  /** Its address, such as `http://127.0.0.1:40123/`, once `listening()` has resolved. */
  get url (): string {
    const url = this.#address()
    if (!url) throw new Error('the service does not listen yet')
    return url
  }

  /** Resolves when it listens. Rejects with its output if it ends instead. */
  async listening (): Promise<this> {
    await until('the service listens or ends', () => this.#isGone || this.#address() !== undefined, 60_000)
    if (!this.#address()) throw new Error(`the service has ended: ${this.said()}`)
    return this
  }

  async status (): Promise<ServiceStatus> {
    this.recording.keepProcesses(this.pid)
    return await (await fetch(new URL('status', this.url))).json() as ServiceStatus
  }

  /** Resolves with the first status for which `holds` is true. */
  async until (holds: (status: ServiceStatus) => boolean, what: string, ms = 30_000): Promise<ServiceStatus> {
    let status: ServiceStatus | undefined
    await until(what, async () => holds(status = await this.status()), ms, STATUS_POLL_MS).catch((error: unknown) => {
      const cameras = Object.entries(status?.cameras ?? {}).map(([id, { state, failure }]) => `${id}: ${state} ${failure?.code ?? ''}`)
      throw new Error([messageOf(error), ...cameras, this.said()].join('\n'))
    })
    return status!
  }

  /** Sends the signal and waits until the process is gone; idempotent. If it hangs it is killed, and the result's `signal` is SIGKILL. */
  async end (signal: NodeJS.Signals = 'SIGTERM'): Promise<ServiceEnd> {
    const signalled = performance.now()
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS)
    this.#child.kill(signal)
    const end = await this.gone
    clearTimeout(kill)
    return { ...end, ms: Math.round(performance.now() - signalled) }
  }

  /** The last of its output, for the message of a test that fails. */
  said (): string {
    return [...this.log.slice(-MAX_LOG_LINES).map(({ msg }) => msg), this.stderr].join('\n')
  }

  #address (): string | undefined {
    return this.log.map(({ msg }) => /open (https?:\/\/\S+\/)$/.exec(msg)?.[1]).find(Boolean)
  }
}

/** Ends the process if tap kills us, as it does with a test that takes too long, because then no teardown runs. */
export const endWithUs = (pid: number): ChildProcess =>
  spawn('/bin/sh', ['-c', `read -r nothing; kill ${pid}; sleep 5; kill -KILL ${pid}`], { stdio: ['pipe', 'ignore', 'ignore'] })

/** Starts a service and waits until it listens. It ends with its scope. */
export const startService = (scope: Scope, options: ServiceOptions): Promise<Service> => new Service(scope, options).listening()
