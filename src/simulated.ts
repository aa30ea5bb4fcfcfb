import type { Logger } from 'pino'
import type { LiveCamera } from './config/registry.js'
import type { Camera } from './config/registry.js'
import { startSimulator } from './simulator/simulator.js'

export interface Simulated {
  /** The same cameras in the same order. The simulated ones are RTSP cameras now, each with an address. */
  readonly cameras: readonly LiveCamera[]
  close (): Promise<void>
}

/**
 * Starts the simulator for the simulated cameras. `ffmpegPath` encodes their clips once; `signal` stops that. A camera whose clip cannot be
 * encoded is off, as a real one may be; the log says why.
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
