/**
 * Names and messages come from elsewhere: they are text, never markup. Only a change is written, because a live region
 * that is written is read out.
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
