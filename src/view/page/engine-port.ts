import { runEngine } from '../engine/run.js'
import type { FromEngine, ToEngine } from '../protocol.js'

/** A worker that says nothing in this time was not allowed to start, by the page's Content-Security-Policy for example. */
const START_TIMEOUT_MS = 5_000

export interface EnginePort {
  post (message: ToEngine, transfer?: Transferable[]): void
  close (): void
}

/** A worker that runs view.js, and what it has said. */
export interface StartedWorker { readonly worker: Worker, readonly heard: readonly FromEngine[] }

/** The function that is all of view.js (src/setup/bundle.mjs): its text is what a worker runs. */
declare const camgateView: () => void

/** Starts an engine in a worker, or in the page if that fails. Until the worker has said something, it may fail. */
export function startEngine (receive: (message: FromEngine) => void, started?: StartedWorker): EnginePort {
  let unheard: ToEngine[] | undefined = [] // no canvas is among these: tiles wait for `ready`
  const inPage = () => {
    const engine = runEngine(message => queueMicrotask(() => receive(message)))
    for (const message of unheard ?? []) engine.receive(message)
    unheard = undefined
    return { post: (message: ToEngine) => engine.receive(message), close: () => engine.close() }
  }
  const heard = (message: FromEngine) => {
    unheard = undefined
    receive(message)
  }
  let port: EnginePort
  try {
    port = inWorker(started ?? newWorker(), heard, () => { port = inPage() })
  } catch {
    port = inPage()
  }
  return {
    post (message, transfer) {
      unheard?.push(message)
      port.post(message, transfer)
    },
    close: () => port.close()
  }
}

function newWorker (): StartedWorker {
  const url = URL.createObjectURL(new Blob([`(${camgateView})()`], { type: 'text/javascript' }))
  const worker = new Worker(trusted(url), { name: 'camgate' })
  setTimeout(() => URL.revokeObjectURL(url), START_TIMEOUT_MS)
  return { worker, heard: [] }
}

function inWorker ({ worker, heard }: StartedWorker, receive: (message: FromEngine) => void, failed: () => void): EnginePort {
  const settle = () => {
    clearTimeout(timer)
    worker.onerror = null
  }
  const close = () => {
    settle()
    worker.onmessage = null
    worker.terminate()
  }
  const fail = () => {
    close()
    failed()
  }
  const timer = setTimeout(fail, START_TIMEOUT_MS)
  worker.onerror = fail
  worker.onmessage = ({ data }) => {
    settle()
    worker.onmessage = ({ data }) => receive(data)
    receive(data)
  }
  if (heard.length > 0) queueMicrotask(() => { for (const data of heard) worker.onmessage?.(new MessageEvent('message', { data })) })
  return { post: (message, transfer = []) => worker.postMessage(message, transfer), close }
}

interface TrustedTypes { createPolicy (name: string, rules: { createScriptURL (url: string): string }): { createScriptURL (url: string): string } }
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** Where Trusted Types are required, the page must allow the policy `camgate`; otherwise there is no worker. The address is one made above. */
function trusted (url: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  policy ??= types?.createPolicy('camgate', { createScriptURL: url => url })
  return policy?.createScriptURL(url) ?? url
}
