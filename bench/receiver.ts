import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { endProcess, peerFile } from './peers.js'

const PYTHON = '/usr/bin/python3'

/** Viewers of one stream in their own process, which discards the bytes. */
export class Receiver {
  readonly #child
  readonly #lines
  readonly #ended: Promise<never>

  private constructor (url: string, viewers: number) {
    const { hostname, port, pathname, search } = new URL(url)
    this.#child = spawn(PYTHON, [peerFile('receiver.py'), hostname, port, pathname + search, String(viewers)], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface(this.#child.stdout)
    this.#ended = once(this.#child, 'exit').then(() => { throw new Error('the receiver has ended') })
    this.#ended.catch(() => {})
  }

  /** Resolves when every viewer receives bytes. If some never do, prints that and resolves with undefined. */
  static async open (url: string, viewers: number): Promise<Receiver | undefined> {
    const receiver = new Receiver(url, viewers)
    return await receiver.#line().then(() => receiver, () => undefined)
  }

  /** Bytes received so far, by viewer. */
  async counts (): Promise<number[]> {
    const line = this.#line()
    this.#child.stdin.write('\n')
    return JSON.parse(await line) as number[]
  }

  close (): Promise<void> { return endProcess(this.#child) }

  async #line (): Promise<string> {
    const [line] = await Promise.race([once(this.#lines, 'line'), this.#ended]) as [string]
    return line
  }
}
