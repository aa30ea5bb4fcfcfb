import type { Clock } from '../clock.js'
import { identityOf, placesOf } from './places.js'
import { watchFolder, type WatchFolder } from './watch-folder.js'

/** After the last sign of a change: programs write a file in several steps. */
const DEBOUNCE_MS = 200
/** A file that never rests is looked at this often nevertheless. */
const MAX_DEBOUNCE_MS = 1_000

export interface WatchedFilesParts {
  readonly clock: Clock
  /** Looks whether the files have changed, one look after the other. Returns in how many milliseconds to look again, if that is soon. Must not reject. */
  readonly look: () => Promise<number | undefined>
  readonly pollIntervalMs: number
  readonly watch?: WatchFolder | undefined
}

/**
 * Says when to look at files again: soon after a change in their folders, because files are often replaced by others, and every few seconds,
 * because no watch sees all changes (network file systems, a mount). Other files of the folders, such as a log, do not count.
 */
export class WatchedFiles {
  readonly #parts: WatchedFilesParts
  readonly #watch: WatchFolder
  #paths: readonly string[] = []
  /** By folder. */
  readonly #watches = new Map<string, { readonly identity: string, names: ReadonlySet<string>, readonly end: () => void }>()
  #watching = Promise.resolve()
  #cancel = () => {}
  #isLooking = false
  /** When the first of the changes came that no look has seen. */
  #changedAt: number | undefined
  #closed = false

  constructor (parts: WatchedFilesParts) {
    this.#parts = parts
    this.#watch = parts.watch ?? watchFolder
  }

  /** Follows these files from now on, instead of those before, and looks at them soon. Resolves once their folders are watched. */
  async follow (paths: Iterable<string>): Promise<void> {
    this.#paths = [...new Set(paths)]
    await this.#watchFolders()
    this.#changed() // they may have changed since somebody read them
  }

  close (): void {
    this.#closed = true
    this.#cancel()
    for (const { end } of this.#watches.values()) end()
    this.#watches.clear()
  }

  #changed (): void {
    if (this.#closed) return
    const now = this.#parts.clock.now()
    this.#changedAt ??= now
    if (!this.#isLooking) this.#lookIn(Math.max(0, Math.min(DEBOUNCE_MS, this.#changedAt + MAX_DEBOUNCE_MS - now)))
  }

  #lookIn (ms: number): void {
    this.#cancel()
    if (this.#closed) return
    this.#cancel = this.#parts.clock.after(ms, () => { void this.#look() })
  }

  async #look (): Promise<void> {
    this.#isLooking = true
    this.#changedAt = undefined
    await this.#watchFolders() // before the look: what changes during it is seen
    const soon = await this.#parts.look()
    this.#isLooking = false
    this.#lookIn(soon ?? (this.#changedAt === undefined ? this.#parts.pollIntervalMs : DEBOUNCE_MS))
  }

  /** One after the other: two at once would watch a folder twice. */
  #watchFolders (): Promise<void> {
    this.#watching = this.#watching.then(() => this.#watchFoldersNow())
    return this.#watching
  }

  async #watchFoldersNow (): Promise<void> {
    const places = await placesOf(this.#paths)
    for (const [folder, names] of places) {
      const identity = await identityOf(folder)
      if (this.#closed) return
      const watched = this.#watches.get(folder)
      if (watched && watched.identity === identity) watched.names = names
      else {
        watched?.end()
        const end = this.#watch(folder, name => { if (name === undefined || this.#watches.get(folder)?.names.has(name)) this.#changed() })
        this.#watches.set(folder, { identity, names, end })
      }
    }
    for (const [folder, { end }] of this.#watches) {
      if (places.has(folder)) continue
      end()
      this.#watches.delete(folder)
    }
  }
}
