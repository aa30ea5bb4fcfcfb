// Runs before the page is made, in index.html itself: starts the worker of view.js, opens its socket, and asks what first-answers.js then takes.
if (!document.hidden) {
  /** @type {{ trustedTypes?: { createPolicy (name: string, rules: object): { createScriptURL (url: string): string } } }} */
  const { trustedTypes } = /** @type {any} */ (window)
  const policy = trustedTypes?.createPolicy('camgate-early', { createScriptURL: (/** @type {string} */ url) => url })
  const worker = new window.Worker(policy?.createScriptURL('view.js') ?? 'view.js', { name: 'camgate' })
  /** @type {unknown[]} */
  const heard = []
  worker.onmessage = ({ data }) => { heard.push(data) }

  const asking = new AbortController()
  /** @type {RequestInit} */
  const options = { signal: asking.signal, cache: 'no-store', priority: 'high' }
  const session = fetch('session', options)
  const status = fetch('status', options) // without waiting whether somebody has logged in
  session.then(async answer => {
    const { right = null } = await answer.clone().json()
    if (right === null) return worker.terminate()
    const view = /** @type {import('./first-answers.js').View} */ (await window.customElements.whenDefined('camgate-view'))
    view.connect?.({ worker, heard })
  }).catch(() => worker.terminate())
  status.catch(() => {}) // whoever takes it handles it
  Object.assign(window, { early: { asking, session, status } })
}
