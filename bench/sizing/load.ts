import { WallClient } from '../../test/http/wall-client.js'
import { HEADER_BYTES } from '../../src/wire/picture-header.js'
import { Gateway } from '../gateway.js'
import { childrenOf, fileBytes, openFiles, ownCpuNanoseconds, privateBytes, residentBytes, treeCpuNanoseconds } from '../processes.js'
import { Receiver } from '../receiver.js'

/** A camera of a kind, as the simulator sends it. */
export interface Kind {
  readonly codec: 'h264' | 'mjpeg'
  readonly width: number
  readonly height: number
  readonly fps: number
  /** Of H.264. MJPEG takes what it takes. */
  readonly megabits?: number
}

export const RENDITION = { name: 'small', width: 640, height: 360 } as const

/** What has happened since the process started. */
export interface Counts {
  readonly camgateMs: number
  readonly ffmpegMs: number
  /** JPEGs of the cameras that are watched as MJPEG, one for all viewers. */
  readonly frames: number
  readonly mjpegBytes: number
  readonly livePictures: number
  readonly liveBytes: number
}

/** Bytes and numbers at one moment. */
export interface Holdings {
  readonly residentBytes: number
  readonly privateBytes: number
  readonly ffmpegs: number
  readonly ffmpegPrivateBytes: number
  readonly ffmpegFileBytes: number
  readonly openFiles: number
}

/** One camgate with cameras of one kind, and its viewers: MJPEG in a process of their own, WebSockets in this one. */
export class Load {
  readonly #gateway: Gateway
  readonly #receivers: Receiver[] = []
  readonly #watched = new Set<number>()
  readonly #sockets: Array<{ client: WallClient, close: () => void }> = []
  #live = { livePictures: 0, liveBytes: 0 }

  private constructor (gateway: Gateway) { this.#gateway = gateway }

  /** Resolves when all cameras run. Each has the rendition. */
  static async start (url: string, cameras: number, fps: number): Promise<Load> {
    const gateway = await Gateway.start(JSON.stringify({
      defaults: { fps, renditions: { [RENDITION.name]: { width: RENDITION.width } } },
      cameras: Object.fromEntries(Array.from({ length: cameras }, (_, id) => [id, { source: url }]))
    }))
    await gateway.running(cameras)
    return new Load(gateway)
  }

  /** This many more viewers of the camera's MJPEG. */
  async watch (camera: number, viewers: number, rendition?: string): Promise<void> {
    const receiver = await Receiver.open(`${this.#gateway.url}camera/${camera}${rendition ? `?rendition=${rendition}` : ''}`, viewers)
    if (!receiver) throw new Error(`camera ${camera} has no pictures`)
    this.#receivers.push(receiver)
    this.#watched.add(camera)
  }

  /** One more page with a tile for each of these cameras, shown as the camera's own video. */
  async watchLive (cameras: number, { width, height }: Kind): Promise<void> {
    let close = () => {}
    const client = await new WallClient({ teardown (end) { close = end as () => void } }, `${this.#gateway.url.replace('http', 'ws')}wall`).opened()
    for (let id = 0; id < cameras; id++) client.tile(id, String(id), { accept: ['h264'], width, height, fps: 60 })
    this.#sockets.push({ client, close })
  }

  /** All viewers go. */
  async unwatch (): Promise<void> {
    await Promise.all(this.#receivers.splice(0).map(receiver => receiver.close()))
    this.#watched.clear()
    this.#takeLive()
    for (const { close } of this.#sockets.splice(0)) close()
  }

  async counts (): Promise<Counts> {
    const { pid } = this.#gateway
    const own = ownCpuNanoseconds(pid)
    const cpu = { camgateMs: own / 1e6, ffmpegMs: (treeCpuNanoseconds(pid) - own) / 1e6 }
    const { cameras } = await this.#gateway.status()
    const frames = [...this.#watched].map(id => cameras[id]!).flatMap(camera => [camera, ...Object.values(camera.renditions)]).reduce((sum, { framesTotal }) => sum + framesTotal, 0)
    const bytes = await Promise.all(this.#receivers.map(receiver => receiver.counts()))
    this.#takeLive()
    return { ...cpu, frames, mjpegBytes: bytes.flat().reduce((sum, count) => sum + count, 0), ...this.#live }
  }

  holdings (): Holdings {
    const { pid } = this.#gateway
    const ffmpegs = childrenOf(pid).flatMap(one => {
      try {
        return { privateBytes: privateBytes(one), fileBytes: fileBytes(one) }
      } catch {
        return [] // it has ended
      }
    })
    return {
      residentBytes: residentBytes(pid),
      privateBytes: privateBytes(pid),
      ffmpegs: ffmpegs.length,
      ffmpegPrivateBytes: ffmpegs.reduce((sum, { privateBytes }) => sum + privateBytes, 0),
      ffmpegFileBytes: Math.max(0, ...ffmpegs.map(({ fileBytes }) => fileBytes)),
      openFiles: openFiles(pid)
    }
  }

  async stop (): Promise<void> {
    await this.unwatch()
    await this.#gateway.stop()
  }

  #takeLive (): void {
    for (const { client } of this.#sockets) {
      for (const { bytes } of client.pictures.splice(0)) {
        this.#live.livePictures++
        this.#live.liveBytes += bytes.length + HEADER_BYTES
      }
    }
  }
}
