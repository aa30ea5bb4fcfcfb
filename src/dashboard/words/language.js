import { codes as englishCodes, texts as english } from './en.js'

/**
 * @typedef {keyof typeof english} Key
 * @typedef {string | Readonly<Record<string, string>>} Text a text, or one for each plural category
 * @typedef {Readonly<Record<Key, Text>>} Texts
 * @typedef {{ texts: Texts, codes: Readonly<Record<string, string>> }} Words
 */

/** Each language in its own words. @type {Readonly<Record<string, string>>} */
export const LANGUAGES = { en: 'English', es: 'Español', fr: 'Français', ru: 'Русский' }

/** Those of other languages come only to those who read them. @type {Readonly<Record<string, () => Words | Promise<Words>>>} */
const WORDS = {
  en: () => ({ texts: english, codes: englishCodes }),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  ru: () => import('./ru.js')
}

/** @type {{ locale: string, words: Words, plurals: Intl.PluralRules }} */
let current = { locale: 'en', words: { texts: english, codes: englishCodes }, plurals: new Intl.PluralRules('en') }

/** For `Intl`: the language and perhaps the country, which decides about 24 hours. */
export const locale = () => current.locale

/**
 * @param {string} tag one of LANGUAGES
 * @param {readonly string[]} [preferred] as in `navigator.languages`
 */
export async function useLanguage (tag, preferred = []) {
  const words = await /** @type {() => Words | Promise<Words>} */ (WORDS[tag])()
  current = { locale: preferred.find(other => languageOf(other) === tag) ?? tag, words, plurals: new Intl.PluralRules(tag) }
}

/**
 * The language that somebody wants who has chosen this one, or whose browser prefers these.
 * @param {string | null} chosen
 * @param {readonly string[]} preferred as in `navigator.languages`
 */
export function languageFor (chosen, preferred) {
  return [chosen ?? '', ...preferred].map(languageOf).find(tag => Object.hasOwn(LANGUAGES, tag)) ?? 'en'
}

/**
 * A text in the language of the page. `count` decides its plural form.
 * @param {Key} key
 * @param {Readonly<Record<string, string | number>>} [values] for the places in braces
 */
export function say (key, values = {}) {
  const text = current.words.texts[key]
  const form = typeof text === 'string' ? text : text[current.plurals.select(Number(values['count']))] ?? text['other'] ?? ''
  return form.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place))
}

/**
 * A sentence of the server in the language of the page, or as it was sent if the page has no words for its code.
 * @param {string | undefined} code
 * @param {string} message
 */
export function sayForCode (code, message) {
  const { codes } = current.words
  return code !== undefined && Object.hasOwn(codes, code) ? /** @type {string} */ (codes[code]) : message
}

/** @param {string} locale */
function languageOf (locale) {
  return locale.toLowerCase().split('-')[0] ?? ''
}
