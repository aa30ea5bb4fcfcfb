import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import type { ServiceStatus } from '../src/http/routes/status.js'
import { packageRoot } from '../src/package.js'

const START_TIMEOUT_MS = 120_000

/** The ways in which camgate can read a camera, the newer one last. */
export const ingests = ['ffmpeg', 'direct'] as const

/** The real service in its own process. */
export class Gateway {
  readonly #child: ChildProcess
  readonly #folder: string
  url = ''

  private constructor (child: ChildProcess, folder: string) {
    this.#child = child
    this.#folder = folder
  }

  /** Starts the service with this cameras.yaml. Resolves when it listens. */
  static async start (yaml: string, env: NodeJS.ProcessEnv = {}): Promise<Gateway> {
    const folder = mkdtempSync(join(tmpdir(), 'camgate-bench-'))
    writeFileSync(join(folder, 'cameras.yaml'), yaml)
    const child = spawn(process.execPath, [join(packageRoot, 'dist/main.js'), 'serve', '--port', '0', '--config', join(folder, 'cameras.yaml')], {
      stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOST: '', PORT: '', CAMGATE_AUTH: 'none', NODE_OPTIONS: '', STATE_DIRECTORY: join(folder, 'state'), ...env }
    })
    const gateway = new Gateway(child, folder)
    for await (const line of createInterface(child.stdout)) {
      const open = /open (http:\S+)"/.exec(line)
      if (open) { gateway.url = open[1]!; break }
    }
    child.stdout.resume()
    if (!gateway.url) throw new Error('camgate did not start')
    return gateway
  }

  /** The path of its cameras.yaml. */
  get config (): string { return join(this.#folder, 'cameras.yaml') }

  get pid (): number { return this.#child.pid! }

  /** Opens a camera's stream and calls the function with its bytes. */
  async view (id: string, onData: (chunk: Buffer) => void): Promise<IncomingMessage> {
    const [response] = await once(get(`${this.url}camera/${id}`), 'response') as [IncomingMessage]
    return response.on('data', onData).on('error', () => {})
  }

  /** Resolves when this many cameras run. */
  async running (count: number): Promise<void> {
    for (const deadline = performance.now() + START_TIMEOUT_MS; performance.now() < deadline; await wait(100)) {
      const { cameras } = await this.status()
      if (Object.values(cameras).filter(({ state }) => state === 'running').length === count) return
    }
    throw new Error(`not all of ${count} cameras run after two minutes`)
  }

  async status (): Promise<ServiceStatus> { return await (await fetch(`${this.url}status`)).json() as ServiceStatus }

  async stop (): Promise<void> {
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
    rmSync(this.#folder, { recursive: true })
  }
}
