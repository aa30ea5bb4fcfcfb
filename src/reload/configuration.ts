import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import { changedServerKeys, changesBetween, needsRestart, type Changes } from '../config/changes.js'
import { MAX_READ_BYTES, parseFile, readFileAtMost } from '../config/load.js'
import type { Registry } from '../config/registry.js'
import { CamgateError, messageOf } from '../errors.js'
import { WatchedFiles } from '../watch/watched-files.js'
import type { WatchFolder } from '../watch/watch-folder.js'
import { ConfigError, inPlace, type Diagnostic } from '../yaml/diagnostic.js'
import { absentIn, digestOf, isPipe, readContents, replacedTwin, type Contents, type ReadContents } from './contents.js'
import type { ParseRequest, Parsed } from './parse-contents.js'
import { parseAside } from './parse-aside.js'
import { inWords } from './words.js'

const POLL_INTERVAL_MS = 2_000
/** Two readings this far apart must agree: the file may be in the middle of being written. */
const SETTLE_MS = 50
/** While it is being replaced, a file may be missing or empty for this long. */
const ABSENCE_TIMEOUT_MS = 2_000
const MAX_LOGGED_CHANGES = 20

/** What is wrong with the file. Its place is null if the trouble is not in the text. */
export interface ConfigurationError { readonly line: number | null, readonly column: number | null, readonly message: string }

export interface ConfigurationStatus {
  /** When what is in force was read, ISO 8601. */
  readonly loadedAt: string
  /** Why the file that is there now is not in force. */
  readonly error: ConfigurationError | null
  /** The keys of `server` that will change when camgate is started again. */
  readonly restartNeeded: readonly string[]
}

/** What a reload has changed, in words. */
export interface ReloadReport { readonly changes: readonly string[], readonly restartNeeded: readonly string[] }

export interface ConfigurationParts {
  /** As in messages. */
  readonly file: string
  /** What is in force at first. */
  readonly registry: Registry
  /** What it was parsed from. If the files still have it when they are followed, nothing is parsed. */
  readonly contents: Contents
  readonly env: Record<string, string | undefined>
  /** Lets the command line and the environment take precedence, and refuses what a start would refuse. @throws {CamgateError} */
  readonly settle: (registry: Registry) => Registry
  /** Puts it in force. */
  readonly apply: (after: Registry, changes: Changes) => Promise<void>
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly read?: ReadContents
  readonly parse?: (request: ParseRequest) => Parsed | Promise<Parsed>
  readonly watch?: WatchFolder
}

/** The configuration while camgate runs: follows its file and those that it names, and puts each valid change in force. An invalid file changes nothing. */
export class Configuration extends EventEmitter<{ change: [] }> {
  readonly #parts: Omit<ConfigurationParts, 'contents'>
  readonly #started: Registry
  #registry: Registry
  #loadedAt: number
  #restartNeeded: readonly string[] = []
  #error: ConfigurationError | null = null
  /** Why changes do not reach this machine. */
  #mountError: ConfigurationError | null = null
  #files: readonly string[]
  /** The digest of what was judged last, valid or not. */
  #judged: string
  /** The digest of what was last found to be invalid: each is logged once. */
  #logged = ''
  /** The digest of the last look. */
  #seen = ''
  /** What was missing then: it is not on its way. */
  #absent: ReadonlySet<string>
  #absentSince: number | undefined
  #turn: Promise<unknown> = Promise.resolve()
  /** The reload that has not read the file yet: whoever asks now is answered with it. */
  #waiting: Promise<ReloadReport> | undefined
  #watched: WatchedFiles | undefined

  constructor ({ contents, ...parts }: ConfigurationParts) {
    super()
    this.#parts = parts
    this.#registry = this.#started = parts.registry
    this.#loadedAt = parts.clock.wall()
    this.#files = [...contents.keys()]
    this.#judged = digestOf(contents)
    this.#absent = new Set(absentIn(contents))
  }

  get file (): string { return this.#parts.file }

  get registry (): Registry { return this.#registry }

  /** How often what the files say was put in force, changed or not, and how often it was refused. */
  readonly reloads = { applied: 0, refused: 0 }

  get status (): ConfigurationStatus {
    return { loadedAt: new Date(this.#loadedAt).toISOString(), error: this.#error ?? this.#mountError, restartNeeded: this.#restartNeeded }
  }

  /** Takes in every change of the files from now on, and what has changed since the registry was read. */
  async follow (): Promise<void> {
    const { clock, watch } = this.#parts
    this.#watched = new WatchedFiles({ clock, look: () => this.#inTurn(() => this.#look()), pollIntervalMs: POLL_INTERVAL_MS, watch })
    await this.#watched.follow(this.#files)
  }

  close (): void { this.#watched?.close() }

  /**
   * Reads the file now, checks it, and puts it in force.
   * @throws {CamgateError} CONFIG, usually a ConfigError: nothing has changed
   */
  reload (): Promise<ReloadReport> {
    this.#waiting ??= this.#inTurn(async () => {
      this.#waiting = undefined
      const report = await this.#take(await this.#readSettled())
      if (this.#mountError) throw new CamgateError('CONFIG', this.#mountError.message)
      return report
    })
    return this.#waiting
  }

  /** Parses a text as if the file had it, and refuses what a reload would refuse. @throws {CamgateError} CONFIG, usually a ConfigError */
  check (text: string): Registry {
    const { file, env, settle } = this.#parts
    const read = (path: string, maxBytes: number) => path === resolve(file) ? Buffer.from(text) : readFileAtMost(path, maxBytes)
    return settle(parseFile(file, read, { env, allowExec: this.#started.server.allowExec ?? false }))
  }

  /** One at a time: two reloads must not mix. */
  #inTurn<T> (task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task)
    this.#turn = result.catch(() => {})
    return result
  }

  /** Returns in how many milliseconds to look again, if that is soon. */
  async #look (): Promise<number | undefined> {
    const contents = await this.#read()
    const digest = digestOf(contents)
    const wasSeen = digest === this.#seen
    if (isPipe(contents.get(resolve(this.file)))) return undefined // it was read at the start, and cannot be read again
    this.#seen = digest
    if (digest === this.#judged) {
      this.#absentSince = undefined
      return undefined
    }
    if (absentIn(contents).some(path => !this.#absent.has(path))) {
      this.#absentSince ??= this.#parts.clock.now()
      const left = this.#absentSince + ABSENCE_TIMEOUT_MS - this.#parts.clock.now()
      if (left > 0) return left
    } else this.#absentSince = undefined
    if (!wasSeen) return SETTLE_MS
    await this.#take(contents).catch(() => {}) // it is in the log, and in the status
    return undefined
  }

  async #readSettled (): Promise<Contents> {
    let contents = await this.#read()
    for (let digest = ''; digest !== digestOf(contents);) {
      digest = digestOf(contents)
      await new Promise<void>(resolve => { this.#parts.clock.after(SETTLE_MS, resolve) })
      contents = await this.#read()
    }
    return contents
  }

  async #read (files = this.#files): Promise<Contents> {
    const contents = await (this.#parts.read ?? readContents)(files, MAX_READ_BYTES)
    this.#noteMount(replacedTwin(contents))
    return contents
  }

  #noteMount (path: string | undefined): void {
    if ((path === undefined) === (this.#mountError === null)) return
    this.#mountError = path === undefined ? null : { line: null, column: null, message: `${path} has been replaced on the host, but was mounted alone, and such a mount goes on showing the old file: mount the directory instead, as in -v ./camgate:/etc/camgate, and start the container again.` }
    if (this.#mountError) this.#parts.log.error(this.#mountError.message)
    this.emit('change')
  }

  async #take (found: Contents): Promise<ReloadReport> {
    this.#judged = digestOf(found)
    const before = this.#registry
    try {
      const after = this.#parts.settle(await this.#parse(found))
      const changes = changesBetween(before, after)
      const restartNeeded = changedServerKeys(this.#started.server, after.server).filter(needsRestart)
      const words = inWords(changes, before, after, key => !needsRestart(key) ? ' changed' : restartNeeded.includes(key) ? ': needs a restart' : ' is as it was at the start')
      if (words.length > 0) await this.#parts.apply(after, changes)
      this.#note(after, words, restartNeeded)
      return { changes: words, restartNeeded }
    } catch (error) {
      this.#noteError(error)
      throw error
    }
  }

  /** Reads what the file names for the first time, too. */
  async #parse (found: Contents): Promise<Registry> {
    const { file, env, parse = parseAside } = this.#parts
    const allowExec = this.#started.server.allowExec ?? false
    let contents = found
    let { files, result } = await parse({ file, contents, env, allowExec })
    if (files.some(path => !contents.has(path))) {
      contents = new Map([...contents, ...await this.#read(files.filter(path => !contents.has(path)))]);
      ({ files, result } = await parse({ file, contents, env, allowExec }))
    }
    const followed = 'registry' in result ? files : [...new Set([...this.#files, ...files])] // an invalid file may name fewer
    this.#files = followed
    this.#judged = digestOf(new Map(followed.flatMap(path => contents.has(path) ? [[path, contents.get(path)!]] : [])))
    this.#absent = new Set(absentIn(contents))
    await this.#watched?.follow(followed)
    if ('error' in result) throw result.error
    return result.registry
  }

  #note (after: Registry, words: readonly string[], restartNeeded: readonly string[]): void {
    const { clock, file, log } = this.#parts
    const known = new Set(this.#registry.warnings.map(({ message }) => message))
    for (const warning of after.warnings) if (!known.has(warning.message)) log.warn(inPlace(file, warning))
    if (words.length > 0) log.info(`${file} has changed: ${words.slice(0, MAX_LOGGED_CHANGES).join('; ')}${words.length > MAX_LOGGED_CHANGES ? ` and ${words.length - MAX_LOGGED_CHANGES} more` : ''}`)
    else if (this.#error) log.info(`${file} can be used again: nothing has changed`)
    this.#registry = after
    this.#restartNeeded = restartNeeded
    this.#loadedAt = clock.wall()
    this.reloads.applied++
    this.#error = null
    this.#logged = ''
    this.emit('change')
  }

  #noteError (error: unknown): void {
    if (this.#judged !== this.#logged) this.#parts.log.error(`The changed configuration is not used, the one before still is. ${messageOf(error)}`)
    this.#logged = this.#judged
    this.#error = errorOf(error)
    this.reloads.refused++
    this.emit('change')
  }
}

function errorOf (error: unknown): ConfigurationError {
  if (!(error instanceof ConfigError)) return { line: null, column: null, message: messageOf(error) }
  const [{ line, column, message }, ...others] = error.diagnostics as [Diagnostic, ...Diagnostic[]]
  return { line, column, message: others.length === 0 ? message : `${message} (and ${others.length} more)` }
}
