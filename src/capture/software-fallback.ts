import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Attempt, AttemptEnd, Launch } from './attempt.js'
import { classify } from '../failure/failure.js'
import type { InputReport } from './input.js'

/** A decoder that has had pictures for so long (milliseconds) and has made none of its own hangs. */
const PATIENCE = 5_000

/**
 * A decoder that works in a trial may still not take what a camera sends. A camera whose attempt with hardware ends, or is ended,
 * before its first picture and by no fault of the camera's is decoded in software from then on; unless that shows nothing either.
 */
export function softwareFallback (launch: Launch, clock: Clock, log: Pick<Logger, 'info'>): Launch {
  const failed = new Map<string, string>() // what decoded in vain, by the camera's id
  const told = new Set<string>()
  return (camera, events) => {
    if ((camera.hwaccel ?? 'none') === 'none') return launch(camera, events)
    const before = failed.get(camera.id)
    const note = before && `${camera.name} is decoded in software, because ${before} made no picture of what it sends.`
    const begun = clock.now()
    let judged = false
    const judge = (attempt: Attempt, fault: (input: InputReport) => boolean) => {
      if (judged) return
      judged = true
      const input = attempt.input()
      if (!input?.decoder || !fault(input)) return
      if (note) failed.delete(camera.id)
      if (note || input.decoder === 'software') return
      failed.set(camera.id, input.decoder)
      if (!told.has(camera.id)) log.info({ camera: camera.id }, `${camera.name}: ${input.decoder} made no picture of what this camera sends; it is decoded in software the next time.`)
      told.add(camera.id)
    }
    const attempt = launch(note ? { ...camera, hwaccel: 'none' } : camera, {
      ...events,
      onPicture (picture) {
        judged = true
        events.onPicture(picture)
      },
      onExit (end) {
        judge(attempt, () => isDecodersFault(end))
        events.onExit(end)
      }
    })
    return {
      get complaint () { return attempt.complaint },
      input () {
        const input = attempt.input()
        return input && note ? { ...input, notes: [...input.notes ?? [], note] } : input
      },
      stop () {
        judge(attempt, input => clock.now() - begun > PATIENCE && comesIn(attempt, input))
        attempt.stop()
      }
    }
  }
}

/** ffmpeg ended by itself, and neither because of what the camera said nor because it left. */
const isDecodersFault = (end: AttemptEnd): boolean => 'stderr' in end && !end.spawnError && end.code !== 0 && ['bad-stream', 'exited'].includes(classify(end, false).code)

/** Whether the camera sends pictures, or something that ffmpeg complains of. */
const comesIn = ({ complaint }: Attempt, input: InputReport): boolean => input.ingest === 'direct' ? (input.fps ?? 0) > 0 : complaint !== undefined
