import { Feed } from './feed.js'

/** A shared worker: one connection for all tabs of a browser, which has six for a host. */

/** @type {Set<MessagePort>} */
const tabs = new Set()
const feed = new Feed(news => { for (const tab of tabs) tab.postMessage(news) })

globalThis.addEventListener('connect', event => {
  const [tab] = /** @type {MessageEvent} */ (event).ports
  tab?.addEventListener('message', ({ data }) => {
    if (data === 'renew') feed.stop()
    if (data === 'stop') tabs.delete(tab)
    else tabs.add(tab)
    if (tabs.size === 0) feed.stop()
    else feed.start()
  })
  tab?.start()
})
