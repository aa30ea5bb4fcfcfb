import { defaultCacheDir } from '../clips/clip-cache.js'
import { Clips } from '../clips/clips.js'
import type { Scene } from '../clips/scene.js'
import { systemClock, type Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import type { Fault } from '../faults/fault.js'
import type { Quirk } from '../faults/quirk.js'
import { CameraServer, type CameraStats, type PictureListener } from './camera-server.js'
import { Listener } from './listener.js'
import { OnvifCamera } from './onvif/onvif-camera.js'
import { DiscoveryResponder } from './onvif/responder.js'
import { defaultCredentials, otherScene, sceneOf, type SimulatedCamera } from './simulated-camera.js'

export type { CameraStats, Fault, PictureListener, Quirk, SimulatedCamera }

export interface SimulatorOptions {
  ffmpegPath: string
  cameras: readonly SimulatedCamera[]
  /** Default 127.0.0.1. */
  host?: string
  /** Where clips are kept; default `defaultCacheDir()`. */
  cacheDir?: string
  /** Whether cameras with ONVIF are found, too: by multicast on every interface of this machine. */
  discovery?: boolean
  clock?: Clock
  /** Called for each camera whose clip cannot be made: that one refuses connections, and the others start. Without it, no camera starts. */
  onClipFailed?: (id: string, error: CamgateError) => void
  /** Cancels the start, which then throws the signal's reason and leaves nothing open. */
  signal?: AbortSignal
}

export interface Simulator {
  /** `rtsp://127.0.0.1:PORT/ID`, or `rtsps:`, without credentials; with `/old` after it if that is redirected. */
  url (id: string): string
  /** Resolves when the fault is in effect; null ends it. Faults in the answers to requests do not affect clients that already play. */
  setFault (id: string, fault: Fault | null): Promise<void>
  stats (id: string): CameraStats
  /** Its ONVIF services, if it has some. */
  onvif (id: string): OnvifCamera | undefined
  /** Calls back for every picture that at least one client was sent. Returns a function that removes the listener. */
  onPicture (id: string, listener: PictureListener): () => void
  /** Starts one more, as `startSimulator` does. Throws as that does. */
  add (camera: SimulatedCamera): Promise<void>
  /** Resolves when nothing is left of the camera. Its id may be used again. */
  remove (id: string): Promise<void>
  /** Idempotent; resolves when every port, connection and timer is gone. */
  close (): Promise<void>
}

/**
 * Starts cameras on loopback, each on a port of its own, because real cameras have addresses of their own. Makes the clips that are
 * not in the cache. Throws CLIP_FAILED, PORT_BUSY, BAD_SCENE.
 */
export async function startSimulator (options: SimulatorOptions): Promise<Simulator> {
  const { ffmpegPath, cameras, host = '127.0.0.1', cacheDir = defaultCacheDir(), clock = systemClock, onClipFailed } = options
  const closing = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, closing.signal]) : closing.signal
  const servers = new Map<string, CameraServer>()
  const onvifCameras = new Map<string, OnvifCamera>()
  let responder: DiscoveryResponder | undefined
  /** The ports of cameras without a clip. */
  const closedPorts = new Map<string, number>()
  const scenes = new Map<string, Scene>()
  const clips = new Clips({ ffmpegPath, directory: cacheDir }, signal)
  const serverOf = (id: string) => {
    lookUp(scenes, id) // its error names the cameras in their order; servers are in the order in which they became ready
    return lookUp(servers, id)
  }

  const url = (id: string) => {
    const port = closedPorts.get(id) ?? serverOf(id).port
    const server = servers.get(id)
    return `${server?.tls ? 'rtsps' : 'rtsp'}://${host}:${port}/${id}${server?.quirks.has('redirect') ? '/old' : ''}`
  }

  const setFault = async (id: string, fault: Fault | null) => {
    const server = serverOf(id)
    const other = otherScene(lookUp(scenes, id), fault)
    await server.setFault(fault, other && await clips.of(other, server.quirks))
  }
  const start = async (camera: SimulatedCamera) => {
    const { id, name, auth = 'none', username, password, port = 0, fault = null, tls = false } = camera
    const credentials = { username: username ?? defaultCredentials.username, password: password ?? defaultCredentials.password }
    const quirks = new Set(camera.quirks)
    const clip = await clips.of(lookUp(scenes, id), quirks)
    const server = new CameraServer({ id, title: name, auth, credentials, host, port, clip, clock, quirks, tls })
    servers.set(id, server)
    await server.open()
    if (fault) await setFault(id, fault)
    if (camera.onvif) {
      const { login = 'digest', port: onvifPort = 0, quirks: onvifQuirks = [] } = camera.onvif
      const addresses = { mainUrl: url(id), subUrl: `${url(id)}?sub` }
      const onvif = new OnvifCamera({ name, host, port: onvifPort, login, credentials, quirks: new Set(onvifQuirks), clock, ...addresses })
      onvifCameras.set(id, onvif)
      await onvif.open()
    }
    signal.throwIfAborted()
  }
  const startOrRefuse = async (camera: SimulatedCamera) => {
    const { id } = camera
    try {
      await start(camera)
    } catch (error) {
      if (!onClipFailed || !(error instanceof CamgateError) || error.code !== 'CLIP_FAILED') throw error
      await servers.get(id)?.close()
      closedPorts.set(id, servers.get(id)?.port ?? await closedPort(host, camera.port ?? 0, clock))
      onClipFailed(id, error)
    }
  }
  const remove = async (id: string) => {
    const [server, onvif] = [servers.get(id), onvifCameras.get(id)]
    for (const map of [scenes, servers, onvifCameras, closedPorts]) map.delete(id)
    await Promise.all([server?.close(), onvif?.close()])
  }
  const add = async (camera: SimulatedCamera) => {
    scenes.set(camera.id, sceneOf(camera))
    await startOrRefuse(camera).catch(async (error: unknown) => {
      await remove(camera.id)
      throw error
    })
  }
  const close = async () => {
    closing.abort()
    await Promise.all([...servers.values(), ...onvifCameras.values(), ...responder ? [responder] : []].map(server => server.close()))
  }

  for (const camera of cameras) scenes.set(camera.id, sceneOf(camera))
  const started = await Promise.allSettled(cameras.map(async camera => {
    try {
      await startOrRefuse(camera)
    } catch (error) {
      closing.abort(error)
      throw error
    }
  }))
  if (started.some(({ status }) => status === 'rejected')) {
    await close()
    throw closing.signal.reason
  }

  if (options.discovery) {
    responder = new DiscoveryResponder([...onvifCameras.values()], clock)
    await responder.open()
  }
  return {
    url,
    setFault,
    stats: id => serverOf(id).stats,
    onvif: id => onvifCameras.get(id),
    onPicture (id, listener) {
      const { pictureListeners } = serverOf(id)
      pictureListeners.add(listener)
      return () => { pictureListeners.delete(listener) }
    },
    add,
    remove,
    close
  }
}

function lookUp<Of> (map: ReadonlyMap<string, Of>, id: string): Of {
  const found = map.get(id)
  if (found === undefined) throw new CamgateError('UNKNOWN_CAMERA', `The simulator has no camera ${id}; it has ${[...map.keys()].join(', ')}.`)
  return found
}

/** A port on which nothing listens. */
async function closedPort (host: string, port: number, clock: Clock): Promise<number> {
  const listener = new Listener(host, port, clock, socket => { socket.destroy() })
  await listener.open()
  await listener.close()
  return listener.port
}
