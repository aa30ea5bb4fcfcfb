import { find } from './dom.js'
import { hasSingleKeys, setSingleKeys } from './keyboard.js'

/** The dialog that lists the keys. Returns what opens it. */
export function helpDialog () {
  const dialog = /** @type {HTMLDialogElement} */ (find(document, '#help'))
  const singleKeys = /** @type {HTMLInputElement} */ (find(dialog, '#single-keys'))
  singleKeys.checked = hasSingleKeys()
  singleKeys.addEventListener('change', () => setSingleKeys(singleKeys.checked))
  find(dialog, '.close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close() })
  const open = () => dialog.showModal()
  find(document, '#help-open').addEventListener('click', open)
  return open
}
