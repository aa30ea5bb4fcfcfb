import { systemClock, type Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { SimulatedCameraServer, type CameraStats, type PictureListener } from './camera.js'
import { cachedClip, defaultCacheDir } from './clip-cache.js'
import { loadClip, type Clip } from './clip.js'
import type { Fault } from './fault.js'
import type { Scene } from './scene.js'
import { Turnstile } from './turnstile.js'

export type { CameraStats, Fault, PictureListener }

export interface SimulatedCamera {
  /** `[A-Za-z0-9_-]{1,64}`; also the path of its URL. */
  id: string
  name: string
  /** Default h264. */
  codec?: 'h264' | 'mjpeg'
  /** Pixels, default 960x544: even numbers from 256x64 up; for MJPEG multiples of 8 up to 2040. */
  width?: number
  height?: number
  /** Whole pictures a second, default 20. */
  fps?: number
  /** Default none. */
  auth?: 'none' | 'basic' | 'digest'
  /** What Basic and Digest ask for; default `defaultCredentials`. */
  username?: string
  password?: string
  /** Default: a free one. */
  port?: number
  fault?: Fault
  /** Length of the loop in whole seconds, default 10. */
  clipSeconds?: number
}

export const defaultCredentials = { username: 'admin', password: 'camgate' } as const

export interface SimulatorOptions {
  ffmpegPath: string
  cameras: readonly SimulatedCamera[]
  /** Default 127.0.0.1. */
  host?: string
  /** Where clips are kept; default `defaultCacheDir()`. */
  cacheDir?: string
  clock?: Clock
  /** Calls the start off: it then throws the signal's reason, and nothing of it is left. */
  signal?: AbortSignal
}

export interface Simulator {
  /** `rtsp://127.0.0.1:PORT/ID`, without credentials. */
  url (id: string): string
  /** Resolves when the fault is there (or gone, with null). Faults in how requests are answered leave those who play alone. */
  setFault (id: string, fault: Fault | null): Promise<void>
  stats (id: string): CameraStats
  /** Calls back for every picture that at least one client was sent. Returns a function that ends it. */
  onPicture (id: string, listener: PictureListener): () => void
  /** Idempotent; resolves when every port, connection and timer is gone. */
  close (): Promise<void>
}

/**
 * Cameras on loopback, each on a port of its own, as real ones have an address of their own. Makes the clips that are
 * not in the cache. Throws CLIP_FAILED, PORT_BUSY, BAD_SCENE.
 */
export async function startSimulator (options: SimulatorOptions): Promise<Simulator> {
  const { ffmpegPath, cameras, host = '127.0.0.1', cacheDir = defaultCacheDir(), clock = systemClock } = options
  const closing = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal
  const servers = new Map<string, SimulatedCameraServer>()
  const scenes = new Map(cameras.map(camera => [camera.id, sceneOf(camera)]))
  const making = new Turnstile(2)
  const serverOf = (id: string) => {
    known(scenes, id) // names the cameras in their order; servers stand in that of their readiness
    return known(servers, id)
  }

  const clipOf = async (scene: Scene): Promise<Clip> =>
    await loadClip(await making.pass(() => cachedClip(scene, { ffmpegPath, directory: cacheDir }, signal)), scene)
  const resizedClip = async (id: string, fault: Fault | null): Promise<Clip | null> =>
    fault?.kind === 'resize' ? await clipOf(checked({ ...known(scenes, id), width: fault.width, height: fault.height })) : null
  const setFault = async (id: string, fault: Fault | null) => {
    const server = serverOf(id)
    await server.setFault(fault, await resizedClip(id, fault))
  }
  const start = async (camera: SimulatedCamera) => {
    const { id, name, auth = 'none', username, password, port = 0, fault = null } = camera
    const credentials = { username: username ?? defaultCredentials.username, password: password ?? defaultCredentials.password }
    const clip = await clipOf(known(scenes, id))
    const server = new SimulatedCameraServer({ id, title: name, auth, credentials, host, port, clip, clock })
    servers.set(id, server)
    await server.open()
    if (fault) await setFault(id, fault)
    signal.throwIfAborted()
  }
  const close = async () => {
    closing.abort()
    await Promise.all([...servers.values()].map(server => server.close()))
  }

  const started = await Promise.allSettled(cameras.map(async camera => {
    await start(camera).catch((error: unknown) => {
      closing.abort(error)
      throw error
    })
  }))
  const failed = started.find(result => result.status === 'rejected')
  if (failed) {
    await close()
    throw closing.signal.reason
  }

  return {
    url: id => `rtsp://${host}:${serverOf(id).port}/${id}`,
    setFault,
    stats: id => serverOf(id).stats,
    onPicture (id, listener) {
      const { pictureListeners } = serverOf(id)
      pictureListeners.add(listener)
      return () => { pictureListeners.delete(listener) }
    },
    close
  }
}

function known<Of> (map: ReadonlyMap<string, Of>, id: string): Of {
  const found = map.get(id)
  if (found === undefined) throw new CamgateError('UNKNOWN_CAMERA', `The simulator has no camera ${id}; it has ${[...map.keys()].join(', ')}.`)
  return found
}

const sceneOf = ({ id, name, codec = 'h264', width = 960, height = 544, fps = 20, clipSeconds = 10 }: SimulatedCamera): Scene =>
  checked({ id, name, codec, width, height, fps, seconds: clipSeconds })

/** What the strip, the encoders and RFC 2435 can do. */
function checked (scene: Scene): Scene {
  const { id, codec, width, height, fps, seconds } = scene
  const step = codec === 'mjpeg' ? 8 : 2
  const most = codec === 'mjpeg' ? 2040 : 7680
  const sizesFit = [width, height].every(size => size % step === 0 && size <= most) && width >= 256 && height >= 64
  if (!sizesFit) {
    throw new CamgateError('BAD_SCENE', `Simulated camera ${id}: expected a size from 256x64 to ${most}x${most} in steps of ${step}, received ${width}x${height}.`)
  }
  if (!Number.isInteger(fps) || !Number.isInteger(seconds) || fps < 1 || seconds < 1 || fps * seconds > 65_536) {
    throw new CamgateError('BAD_SCENE', `Simulated camera ${id}: expected whole pictures a second and whole seconds, at most 65536 pictures, received ${fps} and ${seconds}.`)
  }
  return scene
}
