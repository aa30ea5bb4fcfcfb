import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../src/package.js'

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
      stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOST: '', PORT: '', NODE_OPTIONS: '', ...env }
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

  get pid (): number { return this.#child.pid! }

  /** Opens a camera's stream and calls the function with its bytes. */
  async view (id: string, onData: (chunk: Buffer) => void): Promise<IncomingMessage> {
    const [response] = await once(get(`${this.url}camera/${id}`), 'response') as [IncomingMessage]
    return response.on('data', onData).on('error', () => {})
  }

  async stop (): Promise<void> {
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
    rmSync(this.#folder, { recursive: true })
  }
}
