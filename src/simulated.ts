import type { Logger } from 'pino'
import type { LiveCamera } from './config/registry.js'
import type { Camera } from './config/registry.js'
import { startSimulator } from './simulator/simulator.js'

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
    cameras: cameras.flatMap(({ id, name, source, credentials }) =>
      source.type === 'simulated' ? [{ id, name, ...source, ...credentials }] : [])
  })
  return {
    cameras: cameras.map(camera => {
      const { source } = camera
      return source.type === 'simulated' ? { ...camera, simulated: true, source: { type: 'rtsp', url: simulator.url(camera.id) } } : { ...camera, source }
    }),
    close: () => simulator.close()
  }
}
