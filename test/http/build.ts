import { pino } from 'pino'
import type { Test } from 'tap'
import { buildApp, type AppParts } from '../../src/app.js'
import { Fleet } from '../../src/camera/fleet.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { CameraFile } from '../../src/edit/camera-file.js'
import { CameraEvents } from '../../src/events/camera-events.js'
import { FakeClock } from '../fake-clock.js'
import { camera, FakeLaunch } from '../fake-launch.js'

/** A configuration that never changes. */
export const unchanged: AppParts['configuration'] = {
  reload: async () => ({ changes: [], restartNeeded: [] }),
  reloads: { applied: 0, refused: 0 },
  status: { loadedAt: '2026-01-01T00:00:00.000Z', error: null, restartNeeded: [] }
}

export const noNotifications: AppParts['notifications'] = { delivered: 0, retried: 0, 'given-up': 0 }

/** Cameras that are in no file, so that none can be changed. */
export const noFile = new CameraFile({ file: '/no/such/cameras.yaml', check: () => { throw new Error('there is no file') }, reload: unchanged.reload })

export type BuildParts = Partial<Omit<AppParts, 'clock'>> & { clock?: FakeClock }

/** The whole web server with cameras whose attempts the test controls. The default cameras are 1 and lab. */
export async function build (t: Test, cameras: Array<Partial<LiveCamera>> = [{ id: '1', name: 'Yard' }, { id: 'lab', name: 'Laboratory' }], { clock = new FakeClock(), ...parts }: BuildParts = {}) {
  const played = new FakeLaunch(clock)
  const log = pino({ level: 'silent' })
  const fleet = new Fleet(cameras.map(some => ({ ...camera, ...some })), played.parts(log))
  const app = await buildApp({ fleet, clock, events: new CameraEvents(fleet, clock), configuration: unchanged, notifications: noNotifications, cameraFile: noFile, draw: played.draw, log, ...parts })
  t.teardown(() => app.close())
  return { app, clock, fleet, played }
}
