import type { NoteLog } from '../decoder/note-log.js'
import type { Launch } from './attempt.js'

/** Logs what an attempt leaves out of the configuration: only one in which ffmpeg reads does, and that one brings JPEGs. */
export const logNotes = (launch: Launch, noteLog: NoteLog): Launch => (camera, events, memory) => {
  const check = noteLog(() => attempt.input()?.notes)
  const attempt = launch(camera, {
    ...events,
    onPicture (picture) {
      check()
      events.onPicture(picture)
    }
  }, memory)
  return attempt
}
