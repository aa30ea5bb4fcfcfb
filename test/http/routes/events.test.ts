import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { until } from '../../e2e/until.js'
import { turn } from '../../fake-launch.js'
import { basic, withUsers } from '../../door/guarded.js'
import { build } from '../build.js'

interface Received { readonly id?: string, readonly event: string, readonly data: Record<string, unknown> }

/** Listens to /events of a service on a real socket. */
async function listenTo (t: Test, { app }: Awaited<ReturnType<typeof build>>, headers: Record<string, string> = {}) {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  const request = get({ host: '127.0.0.1', port: (app.server.address() as AddressInfo).port, path: '/events', headers })
  t.teardown(() => request.destroy())
  const [response] = await once(request.on('error', () => {}), 'response') as [IncomingMessage]
  let text = ''
  let isClosed = false
  response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('error', () => {}).on('close', () => { isClosed = true })
  return {
    response,
    leave: () => request.destroy(),
    get isClosed () { return isClosed },
    get text () { return text },
    get events () {
      return text.split('\n\n').slice(0, -1).flatMap<Received>(block => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        const [id, event, data] = [field('id'), field('event'), field('data')]
        return event === undefined ? [] : [{ ...id !== undefined && { id }, event, data: JSON.parse(data!) as Received['data'] }]
      })
    },
    /** Of all kinds but `time` and `cameras`. */
    get news () { return this.events.filter(({ event }) => event !== 'time' && event !== 'cameras') }
  }
}

t.test('events', async t => {
  t.test('begin with how all cameras are, and go on with what changes', async t => {
    const built = await build(t)
    const listener = await listenTo(t, built)
    t.match(listener.response, { statusCode: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' } })
    await until('the first event', () => listener.news.length === 1)
    t.match(listener.news, [{ id: /^[\da-f]{32}$/, event: 'all', data: { cameras: { 1: { name: 'Yard', state: 'stopped', viewers: 0 }, lab: { name: 'Laboratory' } } } }])
    t.match(listener.text, /^retry: 1000$/m)
    built.fleet.start()
    await turn()
    built.played.frame('1')
    await until('the camera runs', () => listener.news.some(({ data }) => data.id === '1' && data.state === 'running'))
    const status = (await built.app.inject('/status/1')).json<Record<string, unknown>>()
    const { id, ...told } = listener.news.at(-1)!.data
    t.match(status, told, 'each field means the same as in /status')
    built.clock.advance(2_000)
    await until('the time is told', () => listener.events.some(({ event, data }) => event === 'time' && data.now === '2026-01-01T00:00:02.000Z'))
  })

  t.test('go on where somebody left off, in the same process', async t => {
    const built = await build(t)
    const first = await listenTo(t, built)
    await until('the first event', () => first.news.length === 1)
    first.leave()
    for (const verb of ['start', 'restart'] as const) {
      void built.fleet.get('lab')[verb]()
      await turn()
    }
    const again = await listenTo(t, built, { 'last-event-id': first.news[0]!.id! })
    await until('what was missed', () => again.news.length > 0)
    t.match(again.news, [{ event: 'camera', data: { id: 'lab', state: 'stopping' } }], 'the newest of each camera')
    const nothing = await listenTo(t, built, { 'last-event-id': again.news[0]!.id! })
    await until('the time', () => nothing.events.length > 0)
    t.same(nothing.news, [])
    for (const id of ['0'.repeat(32), 'what', `${again.news[0]!.id!}00`]) {
      const stranger = await listenTo(t, built, { 'last-event-id': id })
      await until('an answer', () => stranger.events.length > 0)
      t.match(stranger.news, [{ event: 'all' }], id)
    }
  })

  t.test('are of the cameras that the listener may see, and end with their proof', async t => {
    const built = await withUsers(t)
    const listener = await listenTo(t, built, basic('anna'))
    for (const id of ['1', '2']) void built.fleet.get(id).start()
    await until('the change', () => listener.news.length === 2)
    t.same(Object.keys(listener.news[0]!.data.cameras as object), ['2'])
    t.match(listener.news[1], { data: { id: '2', state: 'starting' } })
    t.notMatch(listener.text, /"1"/)
    t.equal((await built.app.inject({ method: 'POST', url: '/sessions/revoke?user=anna', headers: basic('Bérénice') })).statusCode, 200)
    await until('it ends', () => listener.isClosed)
    t.equal((await built.app.inject('/events')).statusCode, 401)
  })

  t.test('have seats of their own, and HEAD takes none', async t => {
    const built = await build(t, undefined, { maxViewers: 0, maxConnections: () => 64 })
    await built.app.listen({ port: 0, host: '127.0.0.1' })
    const listeners = await Promise.all(Array.from({ length: 16 }, () => listenTo(t, built)))
    for (const { response } of listeners) t.equal(response.statusCode, 200)
    const late = await listenTo(t, built)
    t.match(late.response, { statusCode: 503, headers: { 'retry-after': '10' } })
    await until('the reason', () => late.text.includes('"TOO_MANY_LISTENERS"'))
    t.match(await built.app.inject({ method: 'HEAD', url: '/events' }), { statusCode: 200, headers: { 'content-type': /event-stream/ }, body: '' })
    listeners[0]!.leave()
    await until('the seat is free', async () => {
      built.clock.advance(2_000) // a client that has gone is found out by what is sent to it
      return (await listenTo(t, built)).response.statusCode === 200
    })
  })

  t.test('end with the service, and nothing is left of them', async t => {
    const built = await build(t)
    const [stays, leaves] = [await listenTo(t, built), await listenTo(t, built)]
    await until('both listen', () => stays.news.length === 1 && leaves.news.length === 1)
    leaves.leave()
    await built.app.close()
    await until('it ends', () => stays.isClosed)
    t.equal(built.clock.pending, 0)
  })
})
