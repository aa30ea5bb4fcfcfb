import type { Logger } from 'pino'

/** Notes may appear after the first picture, so check for them again after this many. */
const PICTURES_PER_CHECK = 100

/** Begins to log the notes of one process. Returns a function to call for each picture. */
export type NoteLog = (notes: () => readonly string[] | undefined) => () => void

/** Logs what differs from the configuration, each note once: a hundred cameras may have the same one. */
export function noteLog (log: Pick<Logger, 'info'>): NoteLog {
  const logged = new Set<string>()
  return notes => {
    let pictures = 0
    return () => {
      if (pictures++ % PICTURES_PER_CHECK !== 0) return
      for (const note of notes() ?? []) {
        if (!logged.has(note)) log.info(note)
        logged.add(note)
      }
    }
  }
}
