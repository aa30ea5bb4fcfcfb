import { browserClock } from '../clock.js'

/**
 * @typedef {import('../api.js').Verb} Verb
 * @typedef {(verb: Verb, id: string, signal: AbortSignal) => Promise<void>} Ask
 */

/** A request without an answer for so long may not have left: streams may have all the connections that the browser opens to one host, six. */
const STUCK_AFTER_MS = 500
const SUBPROTOCOL = 'camgate.wall.1'
const ANSWERED = new Error('another way was quicker')

/**
 * Asks in a way that works even while streams hold all connections of the browser.
 * @param {Ask} ask by a request
 * @param {Ask} [askBySocket]
 * @param {import('../clock.js').Clock} [clock]
 * @param {(verb: Verb, id: string) => Promise<boolean>} [askByView]
 * @returns {Ask}
 */
export const askAnyway = (ask, askBySocket = askByAnySocket, clock = browserClock, askByView = askByOpenView) => {
  const [once, twice] = [askOnce(ask, askByView), askTwice(ask, askBySocket, clock)]
  return (verb, id, signal) => verb === 'restart' ? once(verb, id, signal) : twice(verb, id, signal)
}

/**
 * A second restart would cut short what the first has started, so it goes only one way: by the socket that shows the camera, or by a request.
 * @param {Ask} ask
 * @param {(verb: Verb, id: string) => Promise<boolean>} askByView
 * @returns {Ask}
 */
const askOnce = (ask, askByView) => (verb, id, signal) => new Promise((resolve, reject) => {
  signal.addEventListener('abort', () => reject(signal.reason))
  askByView(verb, id).then(isDone => isDone ? undefined : ask(verb, id, signal)).then(resolve, reject)
})

/**
 * Asks by a request, and, if that gets no answer soon, by a WebSocket as well, of which a browser opens more. The command may come twice. The first
 * answer counts; a request that is still waiting then never leaves.
 * @param {Ask} ask
 * @param {Ask} askBySocket
 * @param {import('../clock.js').Clock} clock
 * @returns {Ask}
 */
const askTwice = (ask, askBySocket, clock) => (verb, id, signal) => new Promise((resolve, reject) => {
  const both = new AbortController()
  signal.addEventListener('abort', () => both.abort(signal.reason))
  /** @param {() => void} settle */
  const end = settle => {
    cancel()
    settle()
    both.abort(ANSWERED)
  }
  const cancel = clock.after(STUCK_AFTER_MS, () => {
    askBySocket(verb, id, both.signal).then(() => end(resolve), thrown => { if (!(thrown instanceof NoSocket)) end(() => reject(thrown)) })
  })
  ask(verb, id, both.signal).then(() => end(resolve), thrown => end(() => reject(thrown)))
})

/** There is no answer by a WebSocket, and there may still be one to the request. */
export class NoSocket extends Error {}

/**
 * By the socket that shows the camera's picture, if there is one: Firefox counts a new WebSocket among the six until it is open. Returns false if its
 * socket is closed, or if camgate refuses: the next way then reports why.
 * @param {Verb} verb
 * @param {string} id
 */
async function askByOpenView (verb, id) {
  const view = /** @type {(Element & { command?: (verb: Verb) => Promise<unknown> }) | null} */ (document.querySelector(`camgate-view[camera="${window.CSS.escape(id)}"]`))
  return await view?.command?.(verb).then(() => true, () => false) ?? false
}

/** @type {Ask} */
async function askByAnySocket (verb, id, signal) {
  if (!await askByOpenView(verb, id) && !signal.aborted) await askByOwnSocket(verb, id, signal)
}

/** @type {Ask} */
function askByOwnSocket (verb, camera, signal) {
  return new Promise((resolve, reject) => {
    const url = new URL('wall', document.baseURI)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = new globalThis.WebSocket(url, SUBPROTOCOL)
    const close = () => socket.close()
    signal.addEventListener('abort', close)
    socket.addEventListener('open', () => socket.send(JSON.stringify({ op: 'command', nr: 1, verb, camera })))
    socket.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return
      const { op, nr, message } = JSON.parse(data)
      if (nr !== 1) return
      if (op === 'done') resolve()
      else reject(new Error(message))
      close()
    })
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', close)
      reject(new NoSocket('the WebSocket is closed'))
    })
  })
}
