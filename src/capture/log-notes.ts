import type { Logger } from 'pino'
import type { Launch } from './attempt.js'

/** Notes may appear after the first picture, so check for them again after this many. */
const PICTURES_PER_CHECK = 100

/** Logs the notes on what differs from the configuration, each once per process: a hundred cameras may have the same one. */
export function logNotes (launch: Launch, log: Pick<Logger, 'info'>): Launch {
  const loggedByProcess = new Set<string>()
  return (camera, events, memory) => {
    let pictures = 0
    const check = () => {
      for (const note of attempt.input()?.notes ?? []) {
        if (!loggedByProcess.has(note)) log.info(note)
        loggedByProcess.add(note)
      }
    }
    const attempt = launch(camera, {
      ...events,
      onPicture (picture) {
        if (pictures++ % PICTURES_PER_CHECK === 0) check()
        events.onPicture(picture)
      }
    }, memory)
    return attempt
  }
}
