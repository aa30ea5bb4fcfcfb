import { say } from './words/language.js'

/** @typedef {import('./words/language.js').Key} Key */

/**
 * Names and messages come from others, so they are set as text, never as markup. Only changes are written, because screen readers read out every
 * write to a live region.
 * @param {Element} element
 * @param {string} text
 */
export function setText (element, text) {
  if (element.textContent !== text) element.textContent = text
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
export function find (root, selector) {
  const found = root.querySelector(selector)
  if (found === null) throw new Error(`index.html lacks ${selector}`)
  return /** @type {T} */ (/** @type {unknown} */ (found))
}

/**
 * Writes the texts of elements in the language of the page: `data-say` names the text, `data-say-label` that of a label.
 * @param {ParentNode} root
 */
export function translate (root) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-say]'))) setText(element, say(/** @type {Key} */ (element.dataset.say)))
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-say-label]'))) {
    const text = say(/** @type {Key} */ (element.dataset.sayLabel))
    element.ariaLabel = element.title = text
    if (element instanceof window.HTMLInputElement) element.placeholder = text
  }
  for (const template of root.querySelectorAll('template')) translate(template.content)
}
