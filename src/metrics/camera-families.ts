import type { Fleet } from '../camera/fleet.js'
import type { Supervisor } from '../camera/supervisor.js'
import { wallTimeOf, type Clock } from '../clock.js'
import type { Transport } from '../frames/subscriber.js'
import { outageOf, staysStopped } from '../lifecycle/state.js'
import { StateNameSchema } from '../lifecycle/status.js'
import { failuresByCode } from './failures-by-code.js'
import type { Family, Labels, Sample } from './family.js'

const TRANSPORTS: readonly Transport[] = ['mjpeg', 'wall']

type Value = boolean | number

/** What every camera has: 25 series at most, also in an installation of 500 cameras. The series of a camera that is removed are gone with it. */
export function cameraFamilies (fleet: Pick<Fleet, 'all'>, clock: Clock): Family[] {
  const family = (type: Family['type'], name: string, help: string, samplesOf: (supervisor: Supervisor) => ReadonlyArray<readonly [labels: Labels, value: Value]>): Family => ({
    ...{ name, type, help },
    samples: () => fleet.all.flatMap(supervisor => samplesOf(supervisor).map(([labels, value]): Sample => ({ labels: { camera: supervisor.camera.id, ...labels }, value: Number(value) })))
  })
  /** One series a camera; none while the value is undefined. */
  const single = (type: Family['type'], name: string, help: string, valueOf: (supervisor: Supervisor) => Value | undefined) => family(type, name, help, supervisor => {
    const value = valueOf(supervisor)
    return value === undefined ? [] : [[{}, value]]
  })
  return [
    family('gauge', 'camgate_camera_info', 'The name of each camera; always 1.', ({ camera }) => [[{ name: camera.name }, 1]]),
    single('gauge', 'camgate_camera_up', 'Whether pictures come from the camera.', ({ state }) => state.kind === 'running'),
    single('gauge', 'camgate_camera_enabled', 'Whether the camera is meant to be read: 0 if it was stopped by hand, or is not enabled in the configuration.', ({ state }) => !staysStopped(state)),
    family('gauge', 'camgate_camera_state', 'The state of each camera: 1 for that which it is in.', ({ state }) => StateNameSchema.enum.map(name => [{ state: name }, state.kind === name])),
    single('gauge', 'camgate_camera_last_picture_timestamp_seconds', 'When the newest picture came from the camera.', ({ received: { newestAt } }) => newestAt === undefined ? undefined : wallTimeOf(clock, newestAt) / 1_000),
    single('counter', 'camgate_camera_pictures_total', 'Pictures that came from the camera.', ({ received }) => received.pictures),
    single('counter', 'camgate_camera_received_bytes_total', 'The bytes of these pictures.', ({ received }) => received.bytes),
    family('counter', 'camgate_camera_failures_total', 'Attempts to read the camera that failed, by the reason.', ({ failures }) => failuresByCode(failures).map(([code, count]) => [{ code }, count])),
    single('gauge', 'camgate_decoder_up', 'Whether what makes JPEGs of the pictures of the camera does so.', ({ decoder }) => decoder ? decoder.state.kind === 'running' : undefined),
    single('gauge', 'camgate_decoder_failing', 'Whether what makes JPEGs has failed, and has made none since.', ({ decoder }) => decoder ? outageOf(decoder.state) !== null : undefined),
    single('counter', 'camgate_decoder_restarts_total', 'How often what makes JPEGs was started again, after a failure or because it had to be replaced.', ({ streams }) => streams.full.decoder.restarts),
    family('gauge', 'camgate_viewers', 'Streams and tiles that show the camera now.', ({ streams }) => TRANSPORTS.map(transport => [{ transport }, streams.viewersBy(transport)])),
    family('counter', 'camgate_dropped_pictures_total', 'Pictures that were skipped: for a viewer or by a decoder that was too slow, or because the network lost a part.', ({ streams, received }) =>
      Object.entries({ ...streams.dropped, network: received.damaged }).map(([cause, count]) => [{ cause }, count]))
  ]
}
