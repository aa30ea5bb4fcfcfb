import type { Clock } from '../clock.js'
import type { LiveSource } from '../sources/kinds.js'
import { HardwareTrial } from '../decoder/hardware-trial.js'
import type { Launch } from './attempt.js'

/** For cameras that ffmpeg reads and decodes in one process. */
export const fallBackToSoftware = <Of extends LiveSource>(launch: Launch<Of>, clock: Clock): Launch<Of> => (camera, events, memory) => {
  const trial = new HardwareTrial(camera, memory, clock)
  const decoder = () => attempt.input()?.decoder
  const attempt = launch(trial.decodedBy(camera), {
    ...events,
    onPicture (picture) {
      trial.succeed()
      events.onPicture(picture)
    },
    onExit (failure) {
      trial.end(decoder(), () => failure?.decoderFault === true)
      events.onExit(failure)
    }
  }, memory)
  return {
    get lastFailure () { return attempt.lastFailure },
    input () {
      const input = attempt.input()
      return input && trial.note ? { ...input, notes: [...input.notes ?? [], trial.note] } : input
    },
    stop () {
      trial.stop(decoder(), () => attempt.lastFailure !== undefined) // ffmpeg reports errors about what the camera sends
      attempt.stop()
    }
  }
}
