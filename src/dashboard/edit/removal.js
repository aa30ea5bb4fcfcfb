import { say } from '../words/language.js'
import { deleteCamera, fetchEntry, sentence } from './requests.js'

/**
 * Removes a camera, once the viewer has confirmed it.
 * @param {string} id
 * @param {import('./editor.js').EditorCalls} calls
 */
export async function removeCamera (id, { confirmation, tell, changed }) {
  try {
    const entry = await fetchEntry(id)
    const name = String(entry.camera['name'] ?? id)
    if (!await confirmation.ask(say('removeQuestion', { name }), say('removeCamera'), say('cancel'))) return
    await deleteCamera(entry)
    tell(say('removedCamera', { name }))
    changed()
  } catch (thrown) {
    await confirmation.tell(sentence(thrown))
  }
}
