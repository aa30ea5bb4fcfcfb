import { translate } from '../dom.js'
import { remember, remembered } from '../storage.js'
import { LANGUAGES, languageFor, useLanguage } from './language.js'

/**
 * Writes the page in the viewer's language, and lets them choose another.
 * @param {HTMLSelectElement} select
 * @param {() => void} changed
 */
export async function offerLanguages (select, changed) {
  select.append(...Object.entries(LANGUAGES).map(([tag, name]) => {
    const option = new window.Option(name, tag)
    option.lang = tag
    return option
  }))
  const chosen = remembered('language')
  const tag = languageFor(typeof chosen === 'string' ? chosen : null, navigator.languages)
  select.addEventListener('change', async () => {
    remember('language', select.value)
    await write(select.value)
    changed()
  })
  await write(tag).catch(() => write('en')) // its file did not come
  select.value = document.documentElement.lang
}

/** @param {string} tag */
async function write (tag) {
  await useLanguage(tag, navigator.languages)
  document.documentElement.lang = tag
  translate(document)
}
