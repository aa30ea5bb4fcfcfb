import t from 'tap'
import { until } from '../../e2e/until.js'
import { build, type BuildParts } from '../build.js'
import { WallClient } from '../wall-client.js'

async function open (t: Parameters<typeof build>[0], parts?: BuildParts) {
  const built = await build(t, undefined, parts)
  await built.app.listen({ port: 0, host: '127.0.0.1' })
  const client = await WallClient.of(t, built.app).opened()
  const closed = async () => {
    await until('the connection is closed', () => client.closed !== undefined)
    return client.closed!.code
  }
  /** Lets time pass, and the client answer what it is asked on the way. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0 && !client.closed; left -= 1_000) {
      built.clock.advance(Math.min(left, 1_000))
      await new Promise(resolve => { setTimeout(resolve, 2) })
    }
  }
  return { ...built, client, closed, pass }
}

t.test('a wall is closed', async t => {
  t.test('after a message that is wrong, with the reason', async t => {
    for (const message of ['', 'hello', '{"op":"tile"}', '{"op":{"toString":null}}', JSON.stringify({ op: 'jump' }), '[[[[', Buffer.from('{"op":"clock","sent":1}')]) {
      const { client, closed } = await open(t)
      client.webSocket.send(message)
      client.tile(0, '1')
      t.equal(await closed(), 4400, String(message))
      t.match(client.messages, [{ op: 'error', code: 'BAD_REQUEST' }], 'and nothing that comes after it is done')
    }
  })

  t.test('after one on which camgate fails, and nothing else is', async t => {
    const { app, client, closed, fleet } = await open(t)
    const camera = fleet.get('1')
    client.tile(0, '1')
    await until('it is there', () => client.told('state').length === 1)
    const { off } = camera
    camera.off = () => {
      camera.off = off
      throw new TypeError('a bug')
    }
    client.send({ op: 'close', ids: [0] })
    t.equal(await closed(), 1011)
    t.match(client.told('error'), [{ code: 'INTERNAL' }])
    t.equal((await app.inject('/status')).statusCode, 200)
  })

  t.test('after one that is too large', async t => {
    const { client, closed } = await open(t)
    client.webSocket.send(JSON.stringify({ op: 'show', ids: Array(5_000).fill(1) }))
    t.equal(await closed(), 1009)
  })

  t.test('after too many messages in a few seconds', async t => {
    const { client, closed, pass } = await open(t)
    for (let i = 0; i < 15_999; i++) client.send({ op: 'credit', bytes: 0 })
    client.send({ op: 'clock', sent: 1 })
    await until('all are read', () => client.told('clock').length === 1)
    await pass(5_000)
    client.send({ op: 'clock', sent: 2 })
    await until('they are forgotten after a while', () => client.told('clock').length === 2)
    for (let i = 0; i < 16_000; i++) client.send({ op: 'credit', bytes: 0 })
    t.equal(await closed(), 4429)
  })

  t.test('after fewer messages that open and close streams', async t => {
    const { client, closed } = await open(t)
    client.tile(0, '1')
    for (let i = 0; i < 20; i++) for (const op of ['hide', 'show'] as const) client.send({ op, ids: Array(256).fill(0) })
    t.equal(await closed(), 4429)
  })

  t.test('when the server ends, within a second even if the client does not answer', async t => {
    const { app, client, closed, fleet } = await open(t)
    client.tile(0, '1')
    await until('it is there', () => client.told('state').length === 1)
    await app.close()
    t.equal(await closed(), 1001)
    t.equal(fleet.get('1').listenerCount('change'), fleet.get('lab').listenerCount('change'), 'nothing is left of its tiles')

    const deaf = await open(t)
    deaf.client.webSocket.pause()
    const end = deaf.app.close()
    for (let i = 0; i < 20; i++) {
      deaf.clock.advance(100)
      await new Promise(resolve => setImmediate(resolve))
    }
    await t.resolves(end)
  })

  t.test('if its client is gone, though the connection is not', async t => {
    const { client, closed, pass, app } = await open(t)
    await pass(60_000)
    t.notOk(client.closed, 'a quiet one stays while it answers pings')
    client.webSocket.pause()
    await pass(19_000)
    const connections = () => new Promise<number>((resolve, reject) => app.server.getConnections((error, count) => error ? reject(error) : resolve(count)))
    t.equal(await connections(), 1)
    await pass(6_000)
    await until('the server has none', async () => await connections() === 0)
    client.webSocket.resume() // only now it sees that
    t.equal(await closed(), 1006)
  })

  t.test('if its client decodes nothing', async t => {
    const { client, fleet, played, pass } = await open(t)
    client.credits = false
    fleet.start()
    client.tile(0, '1', { accept: ['jpeg'], width: 1280, height: 720 })
    await until('the tile is there', () => fleet.get('1').hub.viewers === 1)
    played.frame()
    await until('the picture is sent', () => client.pictures.length === 1)
    await pass(14_000)
    t.notOk(client.closed)
    await pass(6_000)
    t.match(client.closed, { code: 4408 })
  })
})

t.test('a client that sends thousands of messages at once holds up nobody', async t => {
  const { client, app } = await open(t)
  const other = await WallClient.of(t, app).opened()
  const answered = new Promise<number>(resolve => { other.webSocket.once('message', () => { resolve(client.told('clock').length) }) })
  const socket = (client.webSocket as unknown as { _socket: { cork (): void, uncork (): void } })._socket
  socket.cork()
  for (let sent = 0; sent < 10_000; sent++) client.send({ op: 'clock', sent })
  socket.uncork()
  other.send({ op: 'clock', sent: 1 })
  t.ok(await answered < 500, 'another is answered between them')
})

t.test('a wall answers the clock', async t => {
  const { client, clock } = await open(t)
  client.send({ op: 'clock', sent: 12.25 })
  await until('it answers', () => client.messages.length === 1)
  t.same(client.messages, [{ op: 'clock', sent: 12.25, wall: clock.wall() }])
})

t.test('a wall has limits', async t => {
  const { client, fleet, played } = await open(t)
  for (let id = 0; id < 257; id++) client.tile(id, '1')
  await until('one is too many', () => client.told('error').length === 1)
  t.match(client.told('error'), [{ id: 256, code: 'TOO_MANY_TILES' }])
  client.send({ op: 'close', ids: [3] })
  client.tile(256, '1')
  await until('there is room again', () => client.told('state').some(({ id }) => id === 256))

  fleet.start()
  played.frame('lab')
  for (let nr = 0; nr < 17; nr++) client.send({ op: 'command', nr, verb: 'restart', camera: 'lab' }) // its attempt takes long to end
  await until('one is too many', () => client.told('error').some(({ nr }) => nr !== undefined))
  t.match(client.told('error').at(-1), { nr: 16, code: 'TOO_MANY_COMMANDS' })
  played.exit([], 'lab')
  await until('the others are answered', () => client.told('done').length === 16)
})

t.test('a wall gets no seat where pages that watch nothing have taken all of them, until one has left', async t => {
  const built = await build(t, undefined, { maxConnections: () => 64 })
  await built.app.listen({ port: 0, host: '127.0.0.1' })
  const walls: WallClient[] = []
  const next = async () => {
    const client = WallClient.of(t, built.app)
    client.webSocket.on('open', () => client.send({ op: 'clock', sent: 1 }))
    await until('it is served or closed', () => client.closed !== undefined || client.told('clock').length > 0)
    return client
  }
  for (;;) {
    const client = await next()
    if (client.closed) {
      t.match(client.closed, { code: 1013 })
      break
    }
    walls.push(client)
  }
  t.equal(walls.length, 32, '16 are kept for control, and 16 for who listens')
  t.equal((await built.app.inject('/status')).statusCode, 200)
  walls[0]!.webSocket.close()
  await until('there is room', async () => (await next()).closed === undefined)
})
