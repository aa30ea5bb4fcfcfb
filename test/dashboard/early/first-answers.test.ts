import t from 'tap'
import type { SessionStatus } from '../../../src/http/routes/session.js'

const kept = ['document', 'window', 'fetch'].map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
t.teardown(() => {
  for (const [name, descriptor] of kept) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    else Reflect.deleteProperty(globalThis, name)
  }
})

let pages = 0

/** A page of its own, and what it has asked camgate. */
async function load ({ hidden = false, right = 'view' as SessionStatus['right'] } = {}) {
  const asked: string[] = []
  const signals: AbortSignal[] = []
  const page = Object.assign(new EventTarget(), { hidden })
  let connected = 0
  const stand = (name: string, value: unknown) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  stand('document', page)
  const workers = { running: 0 }
  class Worker {
    constructor () { workers.running++ }
    terminate () { workers.running-- }
  }
  stand('window', { Worker, customElements: { whenDefined: async () => ({ connect: () => { connected++ } }) } })
  stand('fetch', async (url: string, { signal }: { signal: AbortSignal }) => {
    asked.push(url)
    signals.push(signal)
    if (url === 'session') return Response.json({ right })
    return right === null && asked.length < 3 ? Response.json({}, { status: 401 }) : Response.json({ cameras: {} })
  })
  pages++
  await import(`../../../src/dashboard/early/start.js?page=${pages}`)
  const module = `../../../src/dashboard/early/first-answers.js?page=${pages}`
  const { firstSession, firstStatus } = await import(module) as Record<'firstSession' | 'firstStatus', (signal: AbortSignal) => Promise<unknown>>
  await new Promise(resolve => { setImmediate(resolve) })
  return { asked, signals, page, firstSession, firstStatus, workers, connections: () => connected }
}
const { signal } = new AbortController()

t.test('the first answers', async t => {
  t.test('are asked for before anybody wants them, and used once', async t => {
    const { asked, firstSession, firstStatus, connections } = await load()
    t.same([asked, connections()], [['session', 'status'], 1])
    t.match(await firstSession(signal), { right: 'view' })
    t.match(await firstStatus(signal), { report: { cameras: {} } })
    t.equal(asked.length, 2)
    await firstSession(signal)
    await firstStatus(signal)
    t.same(asked, ['session', 'status', 'session', 'status'])
  })

  t.test('of a stranger are not taken, who may log in later', async t => {
    const { asked, firstStatus, workers, connections } = await load({ right: null })
    t.same([asked, connections(), workers], [['session', 'status'], 0, { running: 0 }])
    t.match(await firstStatus(signal), { report: { cameras: {} } })
  })

  t.test('are not asked for in the background, nor used after it', async t => {
    t.match(await load({ hidden: true }), { asked: [], workers: { running: 0 } })
    const { asked, page, firstSession } = await load()
    page.dispatchEvent(new Event('visibilitychange'))
    await firstSession(signal)
    t.same(asked, ['session', 'status', 'session'])
  })

  t.test('are given up with whoever waits for them', async t => {
    const { asked, signals, firstSession, firstStatus } = await load()
    const waiting = new AbortController()
    await firstSession(waiting.signal)
    waiting.abort()
    t.ok(signals[1]!.aborted)
    await firstStatus(signal)
    t.same(asked, ['session', 'status', 'status'], 'the next one asks anew')
  })
})
