/**
 * Browsers have the clipboard only on https and localhost. The older way works everywhere, but needs a selection.
 * @param {string} text
 */
export async function copy (text) {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  const parent = document.querySelector('dialog[open]') ?? document.body // only what is in a modal dialog can be selected
  parent.append(area)
  const focused = document.activeElement
  area.select()
  document.execCommand('copy')
  area.remove()
  if (focused instanceof window.HTMLElement) focused.focus()
}
