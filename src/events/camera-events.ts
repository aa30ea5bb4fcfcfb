import type { Clock } from '../clock.js'
import { cameraStateOf, figuresOf, type CameraFigures, type CameraState, type CameraStatus } from '../stream/status.js'
import { EventIds } from './event-ids.js'

/** While somebody listens, changed figures are told this often. */
const FIGURES_INTERVAL_MS = 2_000

/** `camera`: its state has changed; `figures`: only these. Numbers rise over all cameras. An event never changes: a newer one takes its place. */
export type CameraEvent =
  | { readonly kind: 'camera', readonly number: number, readonly id: string, readonly camera: CameraState }
  | { readonly kind: 'figures', readonly number: number, readonly id: string, readonly figures: CameraFigures }

/** A camera that emits `change` whenever its state may have changed. */
export interface StatusSource {
  readonly camera: { readonly id: string }
  status (): CameraStatus
  on (event: 'change', listener: () => void): unknown
  off (event: 'change', listener: () => void): unknown
}

/** All cameras, in their order. Emits `change` when some have come, gone or changed their place. */
export interface StatusSources {
  readonly all: readonly StatusSource[]
  on (event: 'change', listener: () => void): unknown
  off (event: 'change', listener: () => void): unknown
}

/** Called at once after each change of a state or of the order, and with `beat` at every interval of the figures. */
export type Listener = (why: 'change' | 'beat') => void

interface Watched {
  readonly source: StatusSource
  readonly watch: () => void
  isPending: boolean
  state: Extract<CameraEvent, { kind: 'camera' }>
  figures: Extract<CameraEvent, { kind: 'figures' }>
}

/** What has changed about the cameras. Remembers the newest event of each kind for each camera, so whoever comes back learns what they missed. */
export class CameraEvents {
  readonly #clock: Clock
  /** Numbers begin anew with each process. */
  readonly #ids = new EventIds()
  readonly #sources: StatusSources
  #cameras: ReadonlyMap<string, Watched> = new Map()
  readonly #listeners = new Set<Listener>()
  readonly #changeListeners = new Set<() => void>()
  #number = 0
  #orderChanges = 0
  #cancel = () => {}

  constructor (sources: StatusSources, clock: Clock) {
    this.#clock = clock
    this.#sources = sources
    this.#cameras = new Map(sources.all.map(source => [source.camera.id, this.#watch(source, 0)]))
    sources.on('change', this.#follow)
  }

  /** The number of the newest event. */
  get newest (): number { return this.#number }

  /** How often cameras have come, gone or changed their place. */
  get orderChanges (): number { return this.#orderChanges }

  /** The ids of the cameras that pass `sees`, in their order. */
  order (sees: (id: string) => boolean): string[] { return [...this.#cameras.keys()].filter(sees) }

  /** Names an event among those of all processes. */
  idOf (number: number): string { return this.#ids.of(number) }

  /** The number in an id of this process; undefined for any other text. */
  numberOf (id: string): number | undefined {
    const number = this.#ids.numberIn(id)
    return number !== undefined && number <= this.#number ? number : undefined
  }

  /** Returns a function that ends the subscription. */
  subscribe (listener: Listener): () => void {
    if (this.#listeners.size === 0) this.#beat()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#cancel()
    }
  }

  /** Calls back after each change of a state or of the order, and perhaps in between. Unlike a subscription, it has no interval of its own. Returns a function that ends it. */
  onChange (listener: () => void): () => void {
    this.#changeListeners.add(listener)
    return () => { this.#changeListeners.delete(listener) }
  }

  /** The events after that number of the cameras that pass `sees`, in order. */
  after (number: number, sees: (id: string) => boolean): CameraEvent[] {
    return [...this.#cameras.values()].filter(({ source }) => sees(source.camera.id))
      .flatMap(({ state, figures }) => figures.number > state.number ? [state, figures] : [state])
      .filter(event => event.number > number)
      .sort((a, b) => a.number - b.number)
  }

  /** The newest of each camera that passes `sees`. */
  all (sees: (id: string) => boolean): Record<string, CameraState> {
    return Object.fromEntries([...this.#cameras.values()].filter(({ source }) => sees(source.camera.id))
      .map(({ source, state, figures }) => [source.camera.id, { ...state.camera, ...figures.figures }]))
  }

  close (): void {
    this.#cancel()
    this.#listeners.clear()
    this.#changeListeners.clear()
    this.#sources.off('change', this.#follow)
    for (const { source, watch } of this.#cameras.values()) source.off('change', watch)
  }

  readonly #follow = (): void => {
    const before = this.#cameras
    this.#cameras = new Map(this.#sources.all.map(source => {
      const { id } = source.camera
      const known = before.get(id)
      return [id, known?.source === source ? known : this.#watch(source, ++this.#number)]
    }))
    for (const [id, { source, watch }] of before) if (this.#cameras.get(id)?.source !== source) source.off('change', watch)
    this.#orderChanges++
    this.#tell('change')
  }

  #watch (source: StatusSource, number: number): Watched {
    const { id } = source.camera
    const status = source.status()
    const watched: Watched = {
      source,
      watch: () => this.#lookSoon(watched),
      isPending: false,
      state: { kind: 'camera', number, id, camera: cameraStateOf(status) },
      figures: { kind: 'figures', number, id, figures: figuresOf(status) }
    }
    source.on('change', watched.watch)
    return watched
  }

  /** A camera emits several changes in a row before it has settled in its next state. */
  #lookSoon (watched: Watched): void {
    if (watched.isPending) return
    watched.isPending = true
    queueMicrotask(() => {
      watched.isPending = false
      if (this.#lookAtState(watched)) this.#tell('change')
    })
  }

  #lookAtState (watched: Watched): boolean {
    const camera = cameraStateOf(watched.source.status())
    if (withoutFigures(camera) === withoutFigures(watched.state.camera)) return false
    const { id } = watched.source.camera
    watched.state = { kind: 'camera', number: ++this.#number, id, camera }
    watched.figures = { kind: 'figures', number: this.#number, id, figures: figuresOf(camera) }
    return true
  }

  #lookAtFigures (watched: Watched): void {
    const figures = figuresOf(watched.source.status())
    if (!haveChanged(watched.figures.figures, figures)) return
    watched.figures = { kind: 'figures', number: ++this.#number, id: watched.source.camera.id, figures }
  }

  #beat (): void {
    this.#cancel = this.#clock.after(FIGURES_INTERVAL_MS, () => this.#beat())
    for (const watched of this.#cameras.values()) if (!this.#lookAtState(watched)) this.#lookAtFigures(watched)
    this.#tell('beat')
  }

  #tell (why: 'change' | 'beat'): void {
    for (const listener of this.#listeners) listener(why)
    for (const listener of this.#changeListeners) listener()
  }
}

const withoutFigures = ({ viewers, fps, frameAgeMs, ...state }: CameraState) => JSON.stringify(state)

/** The age grows by itself. A camera that falls silent is told by its rate. */
const haveChanged = (before: CameraFigures, now: CameraFigures) => before.viewers !== now.viewers || before.fps !== now.fps
