import type { Logger } from 'pino'
import type { Launch } from './attempt.js'

/** A note may appear after the first picture, so it is looked for again, once in this many pictures. */
const PICTURES_PER_LOOK = 100

/** Logs what is not as configured. The process, not a camera, remembers each note: a hundred cameras may have the same. */
export function logNotes (launch: Launch, log: Pick<Logger, 'info'>): Launch {
  const loggedByProcess = new Set<string>()
  return (camera, events, memory) => {
    let pictures = 0
    const look = () => {
      for (const note of attempt.input()?.notes ?? []) {
        if (!loggedByProcess.has(note)) log.info(note)
        loggedByProcess.add(note)
      }
    }
    const attempt = launch(camera, {
      ...events,
      onPicture (picture) {
        if (pictures++ % PICTURES_PER_LOOK === 0) look()
        events.onPicture(picture)
      }
    }, memory)
    return attempt
  }
}
