import { findFfmpeg } from '../../src/ffmpeg/binary.js'
import { startSimulator, type Fault, type SimulatedCamera, type Simulator } from '../../src/simulator/simulator.js'
import { repeatRandomly } from './repeat.js'
import type { Random } from './random.js'
import type { Tally } from './tally.js'

const CAMERAS = 8
const WIDTH = 320
const HEIGHT = 176
const OTHER_SIZE = { width: 256, height: 144 }

/** Every third sends MJPEG, every fourth asks for a password. */
export const cameras = (credentials: { username: string, password: string }): SimulatedCamera[] =>
  Array.from({ length: CAMERAS }, (_, i) => ({
    id: `cam${i + 1}`,
    name: 'Soak',
    codec: sendsJpegs(i + 1) ? 'mjpeg' : 'h264',
    auth: i % 4 === 3 ? 'digest' : 'none',
    ...credentials,
    width: WIDTH,
    height: HEIGHT,
    fps: 10,
    clipSeconds: 2
  }))

/** ffmpeg reads every second camera, watched or not. camgate reads the others itself: it decodes H.264 while somebody watches, and needs no ffmpeg for JPEGs. */
export const ingestOf = (id: string): 'ffmpeg' | 'auto' => numberOf(id) % 2 === 1 ? 'ffmpeg' : 'auto'
export const isDecoded = (id: string): boolean => ingestOf(id) === 'auto' && !sendsJpegs(numberOf(id))

const numberOf = (id: string) => Number(id.slice('cam'.length))
const sendsJpegs = (number: number) => number % 3 === 0

/** Everything that can be wrong with a camera. */
const faults: ReadonlyArray<(random: Random) => Fault> = [
  () => ({ kind: 'refuse' }),
  () => ({ kind: 'silent' }),
  () => ({ kind: 'unauthorized' }),
  () => ({ kind: 'not-found' }),
  () => ({ kind: 'busy' }),
  random => ({ kind: 'stall', after: random.between(0, 3) }),
  random => ({ kind: 'cut', after: random.between(0, 3) }),
  random => ({ kind: 'garbage', after: random.between(0, 3) }),
  random => ({ kind: 'resize', after: random.between(0, 3), ...OTHER_SIZE }),
  random => ({ kind: 'away', up: random.between(0.5, 4), down: random.between(0.5, 4) })
]

/** How long a camera's condition lasts. */
const CHANGE_INTERVAL_MS = [500, 8_000] as const
/** The share of changes that end its fault. */
const HEALTHY_SHARE = 0.5

/** The cameras, and the faults that each has at random times of its own. */
export class FaultyCameras {
  readonly ids: readonly string[]
  readonly simulator: Simulator
  readonly #now = new Map<string, Fault | null>()

  private constructor (simulator: Simulator, ids: readonly string[]) {
    this.simulator = simulator
    this.ids = ids
  }

  static async start (list: readonly SimulatedCamera[]): Promise<FaultyCameras> {
    const simulator = await startSimulator({ ffmpegPath: findFfmpeg()!, cameras: list })
    return new FaultyCameras(simulator, list.map(({ id }) => id))
  }

  async injectFaults (random: Random, tally: Tally, signal: AbortSignal): Promise<void> {
    await Promise.all(this.ids.map(id => {
      const own = random.fork(`camera ${id}`)
      return repeatRandomly(own, CHANGE_INTERVAL_MS, signal, async () => {
        const fault = own.next() < HEALTHY_SHARE ? null : own.pick(faults)(own)
        tally.count(`fault ${fault?.kind ?? 'none'}`)
        await this.#set(id, fault)
      })
    }))
  }

  /** Ends all faults. A silent camera is switched off and on again, because it would never answer the old requests. */
  async endFaults (): Promise<void> {
    await Promise.all(this.ids.map(async id => {
      if (this.#now.get(id)?.kind === 'silent') await this.#set(id, { kind: 'refuse' })
      await this.#set(id, null)
    }))
  }

  async #set (id: string, fault: Fault | null): Promise<void> {
    this.#now.set(id, fault)
    await this.simulator.setFault(id, fault)
  }
}
