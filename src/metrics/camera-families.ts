import type { Fleet } from '../camera/fleet.js'
import type { Supervisor } from '../camera/supervisor.js'
import type { Transport } from '../frames/subscriber.js'
import { staysStopped } from '../lifecycle/state.js'
import { StateNameSchema } from '../lifecycle/status.js'
import type { Family, Sample } from './family.js'

const TRANSPORTS: readonly Transport[] = ['mjpeg', 'wall']

type Value = boolean | number

/** What every camera has. The series of a camera that is removed are gone with it. */
export function cameraFamilies (fleet: Pick<Fleet, 'all'>): Family[] {
  const family = (type: Family['type'], name: string, help: string, samplesOf: (supervisor: Supervisor) => Array<readonly [labels: Readonly<Record<string, string>>, value: Value]>): Family => ({
    ...{ name, type, help },
    samples: () => fleet.all.flatMap(supervisor => samplesOf(supervisor).map(([labels, value]): Sample => ({ labels: { camera: supervisor.camera.id, ...labels }, value: Number(value) })))
  })
  /** One series a camera; undefined while it has none. */
  const gauge = (name: string, help: string, valueOf: (supervisor: Supervisor) => Value | undefined) => family('gauge', name, help, supervisor => {
    const value = valueOf(supervisor)
    return value === undefined ? [] : [[{}, value]]
  })
  return [
    family('gauge', 'camgate_camera_info', 'The name of each camera; always 1.', ({ camera }) => [[{ name: camera.name }, 1]]),
    gauge('camgate_camera_up', 'Whether pictures come from the camera.', ({ state }) => state.kind === 'running'),
    gauge('camgate_camera_enabled', 'Whether the camera is meant to be read: 0 if it was stopped by hand, or is not enabled in the configuration.', ({ state }) => !staysStopped(state)),
    family('gauge', 'camgate_camera_state', 'The state of each camera: 1 for that which it is in.', ({ state }) => StateNameSchema.enum.map(name => [{ state: name }, state.kind === name])),
    family('gauge', 'camgate_viewers', 'Streams and tiles that show the camera now.', supervisor => TRANSPORTS.map(transport => [{ transport }, supervisor.viewersBy(transport)]))
  ]
}
