import { runEngine } from '../engine/run.js'
import type { FromEngine, ToEngine } from '../protocol.js'

/** A worker that says nothing in this time was not allowed to start, by the page's Content-Security-Policy for example. */
const START_TIMEOUT_MS = 5_000

export interface EnginePort {
  post (message: ToEngine, transfer?: Transferable[]): void
  close (): void
}

/** The function that is all of view.js (src/setup/bundle.mjs): its text is what a worker runs. */
declare const camgateView: () => void

/** Starts an engine in a worker, or in the page if that fails. */
export function startEngine (receive: (message: FromEngine) => void): EnginePort {
  const queue: [ToEngine, Transferable[] | undefined][] = []
  let port: EnginePort | undefined
  let isClosed = false
  const use = (started: EnginePort) => {
    if (isClosed) return started.close()
    port = started
    for (const [message, transfer] of queue.splice(0)) port.post(message, transfer)
  }
  inWorker(receive).catch(() => inPage(receive)).then(use, () => {})
  return {
    post: (message, transfer) => {
      if (port) port.post(message, transfer)
      else queue.push([message, transfer])
    },
    close: () => {
      isClosed = true
      port?.close()
    }
  }
}

function inPage (receive: (message: FromEngine) => void): EnginePort {
  const engine = runEngine(message => queueMicrotask(() => receive(message)))
  return { post: message => engine.receive(message), close: () => engine.close() }
}

async function inWorker (receive: (message: FromEngine) => void): Promise<EnginePort> {
  const url = URL.createObjectURL(new Blob([`(${camgateView})()`], { type: 'text/javascript' }))
  const worker = new Worker(trusted(url), { name: 'camgate' })
  try {
    await new Promise<void>((resolve, reject) => {
      setTimeout(reject, START_TIMEOUT_MS)
      worker.onerror = reject
      worker.onmessage = ({ data }) => {
        worker.onmessage = ({ data }) => receive(data)
        receive(data)
        resolve()
      }
    })
  } catch (error) {
    worker.terminate()
    throw error
  } finally {
    URL.revokeObjectURL(url)
  }
  return { post: (message, transfer = []) => worker.postMessage(message, transfer), close: () => worker.terminate() }
}

interface TrustedTypes { createPolicy (name: string, rules: { createScriptURL (url: string): string }): { createScriptURL (url: string): string } }
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** Where Trusted Types are required, the page must allow the policy `camgate`; otherwise there is no worker. The address is one made above. */
function trusted (url: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  policy ??= types?.createPolicy('camgate', { createScriptURL: url => url })
  return policy?.createScriptURL(url) ?? url
}
