import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { byId, type Camera, type LiveCamera } from './config/registry.js'
import type { SimulatedCamera, Simulator } from './simulator/simulator.js'
import { startSimulator } from './simulator/simulator.js'

/** What a simulated substream sends, as small as those of real cameras. */
const SUBSTREAM_SCENE = { width: 480, height: 272, fps: 10, bitsPerSecond: 250_000 } as const

/** Its name in the simulator. No camera of the file has a dot in its id. */
const substreamId = (id: string) => `${id}.sub`

/** Plays the cameras of the registry that do not exist. */
export class Simulated {
  readonly #simulator: Simulator
  /** What plays, by its name in the simulator. */
  readonly #played: Map<string, SimulatedCamera>
  #cameras: readonly LiveCamera[]

  /**
   * Starts the simulator. `ffmpegPath` encodes its clips once; `signal` stops that. If a clip cannot be encoded, its camera stays off, as a
   * real one may, and the reason is logged.
   */
  static async start (cameras: readonly Camera[], ffmpegPath: string, signal: AbortSignal, log: Pick<Logger, 'error'>): Promise<Simulated> {
    const simulator = await startSimulator({
      ffmpegPath,
      signal,
      onClipFailed: (id, { message }) => log.error({ camera: id }, `${message.trim().replace(/[^.]$/, '$&.')} It stays off until camgate is started again.`),
      cameras: playedOf(cameras)
    })
    return new Simulated(simulator, cameras)
  }

  private constructor (simulator: Simulator, cameras: readonly Camera[]) {
    this.#simulator = simulator
    this.#played = byId(playedOf(cameras))
    this.#cameras = this.#liveOf(cameras)
  }

  /** The cameras of the registry in its order, with the simulated ones as RTSP cameras. */
  get cameras (): readonly LiveCamera[] { return this.#cameras }

  /**
   * Takes over a changed registry, and hands its cameras to `use` once those that are new play. Those that are gone play until `use` has returned. A new name is
   * no new camera. Call it again only when it has settled. If it rejects, `use` was not called, and the next call makes up for what is missing.
   */
  async apply (cameras: readonly Camera[], use: (cameras: readonly LiveCamera[]) => void): Promise<void> {
    const now = byId(playedOf(cameras))
    const started = await Promise.allSettled([...now].map(async ([id, camera]) => {
      const old = this.#played.get(id)
      if (old && isDeepStrictEqual(nameless(old), nameless(camera))) return
      if (old) await this.#remove(id)
      await this.#simulator.add(camera)
      this.#played.set(id, camera)
    }))
    for (const each of started) if (each.status === 'rejected') throw each.reason
    this.#cameras = this.#liveOf(cameras)
    use(this.#cameras)
    await Promise.all([...this.#played.keys()].map(async id => { if (!now.has(id)) await this.#remove(id) }))
  }

  close (): Promise<void> { return this.#simulator.close() }

  async #remove (id: string): Promise<void> {
    this.#played.delete(id)
    await this.#simulator.remove(id)
  }

  #liveOf (cameras: readonly Camera[]): LiveCamera[] {
    const rtspOf = (id: string) => ({ type: 'rtsp' as const, url: this.#simulator.url(id) })
    return cameras.map(({ source, substream, ...camera }) => ({
      ...camera,
      ...source.type === 'simulated' ? { simulated: true as const, source: rtspOf(camera.id) } : { source },
      ...substream && { substream: substream.type === 'simulated' ? rtspOf(substreamId(camera.id)) : substream }
    }))
  }
}

const playedOf = (cameras: readonly Camera[]): SimulatedCamera[] => cameras.flatMap(({ id, name, source, substream, credentials }) => [
  ...source.type === 'simulated' ? [{ id, name, ...source, ...credentials }] : [],
  ...substream?.type === 'simulated' ? [{ id: substreamId(id), name, ...substream, ...credentials, ...SUBSTREAM_SCENE }] : []
])

const nameless = ({ name, ...camera }: SimulatedCamera) => camera
