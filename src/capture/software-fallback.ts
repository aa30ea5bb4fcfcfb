import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Attempt, Launch } from './attempt.js'
import type { InputReport } from './input.js'

/** A decoder hangs if it outputs nothing for this long while it is fed. */
const DECODER_TIMEOUT_MS = 5_000

/**
 * A decoder that works in a trial may still fail on a camera's stream. If a hardware attempt ends before its first picture and the camera is
 * not at fault, the camera's next attempts decode in software, until that shows nothing either.
 */
export const fallBackToSoftware = (launch: Launch, clock: Clock, log: Pick<Logger, 'info'>): Launch => (camera, events, memory) => {
  if ((camera.hwaccel ?? 'none') === 'none') return launch(camera, events, memory)
  const { failedDecoder } = memory
  const note = failedDecoder && `${camera.name} is decoded in software, because ${failedDecoder} made no picture from what it sends.`
  const begun = clock.now()
  let judged = false
  const judge = (attempt: Attempt, isFault: (input: InputReport) => boolean) => {
    if (judged) return
    judged = true
    const input = attempt.input()
    if (!input?.decoder || !isFault(input)) return
    if (note) memory.failedDecoder = undefined
    if (note || input.decoder === 'software') return
    memory.failedDecoder = input.decoder
    if (!memory.hasLoggedDecoder) log.info({ camera: camera.id }, `${camera.name}: ${input.decoder} made no picture from what this camera sends; it is decoded in software the next time.`)
    memory.hasLoggedDecoder = true
  }
  const attempt = launch(note ? { ...camera, hwaccel: 'none' } : camera, {
    ...events,
    onPicture (picture) {
      judged = true
      events.onPicture(picture)
    },
    onExit (failure) {
      judge(attempt, () => failure?.decoderFault === true)
      events.onExit(failure)
    }
  }, memory)
  return {
    get lastFailure () { return attempt.lastFailure },
    input () {
      const input = attempt.input()
      return input && note ? { ...input, notes: [...input.notes ?? [], note] } : input
    },
    stop () {
      judge(attempt, input => clock.now() - begun > DECODER_TIMEOUT_MS && hasInput(attempt, input))
      attempt.stop()
    }
  }
}

/** Whether the camera sends pictures, or something that ffmpeg reports errors about. */
const hasInput = ({ lastFailure }: Attempt, input: InputReport): boolean => input.ingest === 'direct' ? (input.fps ?? 0) > 0 : lastFailure !== undefined
