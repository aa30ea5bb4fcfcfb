import type { Logger } from 'pino'
import type { Launch } from './attempt.js'

/** A note may come after the first picture: it is looked for once in so many pictures. */
const EVERY = 100

/** Says in the log what is otherwise than configured, each thing once: a hundred cameras may have the same note. */
export function tellingNotes (launch: Launch, log: Pick<Logger, 'info'>): Launch {
  const told = new Set<string>()
  return (camera, events) => {
    let pictures = 0
    const tell = () => {
      for (const note of attempt.input()?.notes ?? []) {
        if (!told.has(note)) log.info(note)
        told.add(note)
      }
    }
    const attempt = launch(camera, {
      ...events,
      onPicture (picture) {
        if (pictures++ % EVERY === 0) tell()
        events.onPicture(picture)
      }
    })
    return attempt
  }
}
