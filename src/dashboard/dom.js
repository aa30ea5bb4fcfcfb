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
