import { connect, type AddressInfo, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { until } from '../e2e/until.js'
import { build } from './build.js'

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: camgate\r\n${more}\r\n`

/** The service on a real socket. `served` contains its ends of the connections; `statuses` counts requests for the status of camera 1. */
async function listen (t: Test) {
  const built = await build(t)
  const served: Socket[] = []
  built.app.server.on('connection', socket => served.push(socket))
  let statuses = 0
  const camera = built.fleet.get('1')
  const status = camera.status.bind(camera)
  camera.status = () => {
    statuses++
    return status()
  }
  await built.app.listen({ port: 0, host: '127.0.0.1' })
  const open = (bytes: string) => {
    const socket = connect((built.app.server.address() as AddressInfo).port, '127.0.0.1')
    t.teardown(() => socket.destroy())
    socket.on('error', () => {}).write(bytes)
    return socket
  }
  const ask = (bytes: string) => {
    const socket = open(bytes)
    let text = ''
    socket.setEncoding('latin1').on('data', more => { text += more })
    return { socket, get text () { return text }, get codes () { return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => Number(code)) } }
  }
  return { ...built, served, open, ask, statuses: () => statuses }
}

t.test('a connection', async t => {
  t.test('has its pipelined requests answered in their order', async t => {
    const { ask } = await listen(t)
    const requests = ['/status/1', '/status/nope', '/camera/lab/snapshot', '/%zz', '/camera/1?fps=x', '/health/live', '/status', '/nothing']
    const client = ask([...requests, ...requests].map(path => get(path)).join(''))
    const codes = [200, 404, 503, 400, 400, 200, 200, 404]
    await until('all are answered', () => client.codes.length === 16)
    t.same(client.codes, [...codes, ...codes])
    client.socket.write(get('/status/1', 'Connection: close\r\n'))
    await until('it goes on, and ends', () => client.socket.closed)
    t.equal(client.codes.at(-1), 200)
  })

  t.test('has one request under way at a time', async t => {
    const { ask, fleet, played } = await listen(t)
    fleet.start()
    const client = ask(get('/camera/1/snapshot').repeat(16))
    await until('a snapshot waits for its picture', () => fleet.get('1').hub.viewers > 0)
    t.equal(fleet.get('1').hub.viewers, 1)
    played.frame('1')
    await until('all have it', () => client.codes.length === 16)
    t.same(new Set(client.codes), new Set([200]))
  })

  t.test('with too many unanswered requests gets an error, and is closed', async t => {
    const { ask, statuses } = await listen(t)
    const client = ask(get('/status/1').repeat(1_500))
    await until('it is ended', () => client.socket.closed)
    t.same(client.codes, [429])
    t.match(client.text, /"code":"TOO_MANY_REQUESTS".*"message":"[^"]*\(16\): read the answers first/)
    t.equal(statuses(), 1, 'the others cost nothing')
  })

  t.test('costs one response, even if it sends many requests', async t => {
    for (const request of [get('/camera/1/snapshot'), get('/camera/1/snapshot', 'Expect: miracles\r\n')]) {
      const { open, served, fleet } = await listen(t)
      fleet.start()
      const { hub } = fleet.get('1')
      const sockets = Array.from({ length: 20 }, () => open(request.repeat(16)).pause())
      await until('each waits for a picture', () => hub.viewers >= 20)
      t.equal(hub.viewers, 20)
      for (const socket of sockets) socket.write(request.repeat(100))
      await until('they are gone', () => served.every(({ destroyed }) => destroyed))
    }
  })

  t.test('that reads no response for 30 s is closed, unless it is a stream', async t => {
    const { open, ask, fleet, played, served } = await listen(t)
    fleet.start()
    open(get('/camera/1/snapshot')).pause()
    await until('a snapshot waits', () => fleet.get('1').hub.viewers === 1)
    const [snapshot] = served as [Socket]
    t.equal(snapshot.timeout, 15_000, 'Node doubles it once a write has begun')
    snapshot.emit('timeout')
    t.notOk(snapshot.destroyed, 'it has no answer yet')
    Object.assign(snapshot, { _write () {}, _writev () {} }) // the kernel accepts nothing
    played.frame('1')
    await until('the answer waits', () => snapshot.writableLength > 0)
    snapshot.emit('timeout')
    t.ok(snapshot.destroyed)

    open(get('/status/1')).pause()
    await until('the kernel has its answer', () => (served[1]?.timeout ?? 0) > 15_000)
    t.equal(served[1]!.timeout, 31_000, 'nothing shows whether it is read: it is closed unless another request arrives')

    const stream = ask(get('/status/1') + get('/camera/lab'))
    await until('a stream', () => stream.text.includes('multipart'))
    t.notOk(served[2]!.timeout)
    t.equal(served[2]!.listenerCount('timeout'), 1, 'Node\'s own')
  })

  t.test('gets an error with the reason why its request is invalid', async t => {
    const { ask, statuses } = await listen(t)
    for (const [request, expected] of [
      ['GET /status/1 HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n', /more than one Host header/],
      ['GET /status/1 HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n', /more than one Host header/],
      ['GET /status/1 HTTP/1.1\r\nHostess: a\r\n\r\n', /no Host header/],
      ['GET /status/1\r\n\r\n', /not an HTTP\/1\.1 request/],
      ['GET /status/1 HTTP/0.9\r\nHost: a\r\n\r\n', /not an HTTP\/1\.1 request/],
      ['GET /status/1 HTTP/2.0\r\nHost: a\r\n\r\n', /not an HTTP\/1\.1 request/]
    ] as const) {
      const client = ask(request)
      await until('it is ended', () => client.socket.closed)
      t.match(client.text, /^HTTP\/1\.1 400 Bad Request\r\n[^]*"code":"BAD_REQUEST"/, request)
      t.match(client.text, expected, request)
    }
    t.equal(statuses(), 0)
    for (const request of ['GET /status/1 HTTP/1.0\r\n\r\n', 'GET /status/1 HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n']) {
      const client = ask(request)
      await until('it is answered', () => client.socket.closed)
      t.same(client.codes, [200], request)
    }
    const after = ask(get('/status/1') + 'GET /status/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')
    await until('it is ended', () => after.socket.closed)
    t.same(after.codes, [200], 'the request in front of it is answered')
  })
})
