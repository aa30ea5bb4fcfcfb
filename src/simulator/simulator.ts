import { systemClock, type Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { SimulatedCameraServer, type CameraStats, type PictureListener } from './camera.js'
import { defaultCacheDir } from '../clips/clip-cache.js'
import { Clips } from '../clips/clips.js'
import { structures, type Codec } from '../clips/encoder.js'
import type { Fault } from '../faults/fault.js'
import { Listener } from './listener.js'
import type { Quirk } from '../faults/quirk.js'
import { checkScene, type Scene } from '../clips/scene.js'

export type { CameraStats, Fault, PictureListener, Quirk }

export interface SimulatedCamera {
  /** `[A-Za-z0-9_-]{1,64}`; also the path of its URL. */
  id: string
  name: string
  /** Default h264. */
  codec?: Codec
  /** Pixels, default 960x544: even numbers from 256x64 up; for MJPEG multiples of 8 up to 2040. */
  width?: number
  height?: number
  /** Pictures a second, default 20; 0.2 is one every five seconds. The loop has a whole number of them. */
  fps?: number
  /** Default none. */
  auth?: 'none' | 'basic' | 'digest'
  /** What Basic and Digest ask for; default `defaultCredentials`. */
  username?: string
  password?: string
  /** Speaks TLS (`rtsps:`), with a certificate of its own making. */
  tls?: boolean
  /** Default: a free one. */
  port?: number
  fault?: Fault
  /** What it does wrong all the time; `quirkWords` says what each is. */
  quirks?: readonly Quirk[]
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
  /** Called for each camera whose clip cannot be made: it then refuses connections, and the others start. Default: none starts. */
  onClipFailed?: (id: string, error: CamgateError) => void
  /** Calls the start off: it then throws the signal's reason, and nothing of it is left. */
  signal?: AbortSignal
}

export interface Simulator {
  /** `rtsp://127.0.0.1:PORT/ID`, or `rtsps:`, without credentials; with `/old` behind it where that is redirected. */
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
  const { ffmpegPath, cameras, host = '127.0.0.1', cacheDir = defaultCacheDir(), clock = systemClock, onClipFailed } = options
  const closing = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal
  const servers = new Map<string, SimulatedCameraServer>()
  const off = new Map<string, number>() // the ports of cameras without a clip
  const scenes = new Map(cameras.map(camera => [camera.id, sceneOf(camera)]))
  const clips = new Clips({ ffmpegPath, directory: cacheDir }, signal)
  const serverOf = (id: string) => {
    known(scenes, id) // names the cameras in their order; servers stand in that of their readiness
    return known(servers, id)
  }

  const url = (id: string) => {
    const port = off.get(id) ?? serverOf(id).port
    const server = servers.get(id)
    return `${server?.tls ? 'rtsps' : 'rtsp'}://${host}:${port}/${id}${server?.quirks.has('redirect') ? '/old' : ''}`
  }

  const setFault = async (id: string, fault: Fault | null) => {
    const server = serverOf(id)
    const other = otherScene(known(scenes, id), fault)
    await server.setFault(fault, other && await clips.of(other, server.quirks))
  }
  const start = async (camera: SimulatedCamera) => {
    const { id, name, auth = 'none', username, password, port = 0, fault = null, tls = false } = camera
    const credentials = { username: username ?? defaultCredentials.username, password: password ?? defaultCredentials.password }
    const quirks = new Set(camera.quirks)
    const clip = await clips.of(known(scenes, id), quirks)
    const server = new SimulatedCameraServer({ id, title: name, auth, credentials, host, port, clip, clock, quirks, tls })
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
    const { id, port = 0 } = camera
    try {
      await start(camera).catch(async (error: unknown) => {
        if (!onClipFailed || !(error instanceof CamgateError) || error.code !== 'CLIP_FAILED') throw error
        await servers.get(id)?.close()
        off.set(id, servers.get(id)?.port ?? await closedPort(host, port, clock))
        onClipFailed(id, error)
      })
    } catch (error) {
      closing.abort(error)
      throw error
    }
  }))
  const failed = started.find(result => result.status === 'rejected')
  if (failed) {
    await close()
    throw closing.signal.reason
  }

  return {
    url,
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

/** A port at which nothing listens. */
async function closedPort (host: string, port: number, clock: Clock): Promise<number> {
  const listener = new Listener(host, port, clock, socket => { socket.destroy() })
  await listener.open()
  await listener.close()
  return listener.port
}

const sceneOf = ({ id, name, codec = 'h264', width = 960, height = 544, fps = 20, clipSeconds = 10, quirks = [] }: SimulatedCamera): Scene =>
  checkScene({ id, name, codec, width, height, fps, seconds: clipSeconds, structures: structures.filter(structure => quirks.includes(structure)) })

/** What the camera turns to with this fault, if it turns to anything. */
function otherScene (scene: Scene, fault: Fault | null): Scene | null {
  switch (fault?.kind) {
    case 'resize': return checkScene({ ...scene, width: fault.width, height: fault.height })
    case 'codec': return checkScene({ ...scene, codec: scene.codec === 'mjpeg' ? 'h264' : 'mjpeg', structures: [] })
    default: return null
  }
}
