import type { Logger } from 'pino'
import type { LiveCamera } from './config/registry.js'
import type { Camera } from './config/registry.js'
import { startSimulator } from './simulator/simulator.js'

/** What a simulated substream sends, as small as those of real cameras. */
const SUBSTREAM_SCENE = { width: 480, height: 272, fps: 10, bitsPerSecond: 250_000 } as const

/** Its name in the simulator. No camera of the file has a dot in its id. */
const substreamId = (id: string) => `${id}.sub`

export interface Simulated {
  /** The same cameras in the same order, with the simulated ones as RTSP cameras. */
  readonly cameras: readonly LiveCamera[]
  close (): Promise<void>
}

/**
 * Starts the simulator for the simulated cameras. `ffmpegPath` encodes their clips once; `signal` stops that. If a clip cannot be encoded, its
 * camera stays off, as a real one may, and the reason is logged.
 */
export async function startSimulated (
  cameras: readonly Camera[], ffmpegPath: string, signal: AbortSignal, log: Pick<Logger, 'error'>
): Promise<Simulated> {
  const simulator = await startSimulator({
    ffmpegPath,
    signal,
    onClipFailed: (id, { message }) => log.error({ camera: id }, `${message.trim().replace(/[^.]$/, '$&.')} It stays off until camgate is started again.`),
    cameras: cameras.flatMap(({ id, name, source, substream, credentials }) => [
      ...source.type === 'simulated' ? [{ id, name, ...source, ...credentials }] : [],
      ...substream?.type === 'simulated' ? [{ id: substreamId(id), name, ...substream, ...credentials, ...SUBSTREAM_SCENE }] : []
    ])
  })
  const rtspOf = (id: string) => ({ type: 'rtsp' as const, url: simulator.url(id) })
  return {
    cameras: cameras.map(({ source, substream, ...camera }) => ({
      ...camera,
      ...source.type === 'simulated' ? { simulated: true as const, source: rtspOf(camera.id) } : { source },
      ...substream && { substream: substream.type === 'simulated' ? rtspOf(substreamId(camera.id)) : substream }
    })),
    close: () => simulator.close()
  }
}
