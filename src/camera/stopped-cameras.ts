import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { messageOf } from '../errors.js'
import type { StateFolder } from '../state-folder.js'

type Log = Pick<Logger, 'warn' | 'error'>

/** The cameras that people have stopped. They stay stopped when camgate starts again. */
export interface StoppedCameras {
  has (id: string): boolean
  /** Resolves once the disk has it too. A disk that fails is logged, and changes nothing for the cameras. */
  note (id: string, isStopped: boolean): Promise<void>
  /** Resolves once the disk has everything that was noted. */
  settled (): Promise<void>
}

/** Remembers nothing. */
export const noStoppedCameras: StoppedCameras = { has: () => false, async note () {}, async settled () {} }

/** Kept in a file of the state folder, one for each configuration: several camgates of one user share the folder. */
export class StoppedCamerasFile implements StoppedCameras {
  readonly #folder: StateFolder
  readonly #config: string
  readonly #log: Log
  readonly #ids: Set<string>
  /** What the file has, or need not have. */
  #onDisk: string
  /** Resolves after the last write that was asked for. */
  #written = Promise.resolve()
  #hasFailed = false

  /** `known` are the cameras of the configuration: what it no longer has is forgotten. @throws {CamgateError} STATE */
  static async open (folder: StateFolder, { config, known, log }: { config: string, known: readonly string[], log: Log }): Promise<StoppedCamerasFile> {
    const name = fileFor(config)
    const text = await folder.read(name)
    const ids = text === undefined ? [] : stoppedIn(text)
    if (!ids) log.warn(`${await folder.setAside(name)} is damaged, and was set aside: cameras that had been stopped by hand start again.`)
    return new StoppedCamerasFile(folder, config, log, new Set(ids?.filter(id => known.includes(id))))
  }

  private constructor (folder: StateFolder, config: string, log: Log, ids: Set<string>) {
    this.#folder = folder
    this.#config = config
    this.#log = log
    this.#ids = ids
    this.#onDisk = this.#text
  }

  has (id: string): boolean { return this.#ids.has(id) }

  async note (id: string, isStopped: boolean): Promise<void> {
    if (isStopped) this.#ids.add(id)
    else this.#ids.delete(id)
    this.#written = this.#written.then(() => this.#write())
    await this.#written
  }

  settled (): Promise<void> { return this.#written }

  get #text (): string { return `${JSON.stringify({ config: this.#config, stopped: [...this.#ids] })}\n` }

  /** One write has all that has changed meanwhile; those after it find nothing left to do. */
  async #write (): Promise<void> {
    const text = this.#text
    if (text === this.#onDisk) return
    try {
      await this.#folder.write(fileFor(this.#config), text)
      this.#onDisk = text
      this.#hasFailed = false
    } catch (error) {
      if (!this.#hasFailed) this.#log.error(`Which cameras are stopped cannot be remembered: ${messageOf(error)} They start again when camgate does.`)
      this.#hasFailed = true
    }
  }
}

const fileFor = (config: string) => `stopped-${createHash('sha256').update(config).digest('hex').slice(0, 16)}.json`

/** Undefined for anything that camgate has not written. */
function stoppedIn (text: string): string[] | undefined {
  try {
    const { stopped } = JSON.parse(text)
    return Array.isArray(stopped) && stopped.every(id => typeof id === 'string') ? stopped : undefined
  } catch {
    return undefined
  }
}
