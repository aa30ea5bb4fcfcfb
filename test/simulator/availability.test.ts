import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import t from 'tap'
import { systemClock, type Clock } from '../../src/clock.js'
import { Availability } from '../../src/simulator/availability.js'
import { until } from '../e2e/until.js'
import { FakeClock } from '../fake-clock.js'
import { Client } from './client.js'
import { knock } from './knock.js'

/** Somebody who says nothing and stays until told to go. */
const guest = (socket: Socket) => ({
  serve: async () => { await once(socket.resume(), 'close') },
  end: () => { socket.destroy() }
})

async function present (clock: Clock): Promise<Availability> {
  const presence = new Availability('127.0.0.1', 0, clock, guest)
  await presence.open()
  return presence
}

t.test('the presence of a camera', async t => {
  t.test('ends whoever is connected when it leaves, and keeps its port', async t => {
    const presence = await present(systemClock)
    const { port } = presence
    const client = await Client.connect(`rtsp://127.0.0.1:${port}/`)
    await until('it is counted', () => presence.visitors === 1)
    await presence.leave()
    t.equal(presence.visitors, 0)
    t.equal(await knock(port), 'ECONNREFUSED')
    await until('the client has noticed', () => client.closed)
    await presence.stay()
    t.equal(presence.port, port)
    t.equal(await knock(port), 'connected')
    await Promise.all([presence.close(), presence.close()])
    t.ok(presence.closed)
    await presence.stay()
    t.equal(await knock(port), 'ECONNREFUSED', 'once closed it does not come back')
  })
  t.test('comes and goes at its times, and leaves no timer', async t => {
    const clock = new FakeClock()
    const presence = await present(clock)
    await presence.comeAndGo({ up: 2, down: 1 })
    for (const expected of ['connected', 'ECONNREFUSED', 'connected', 'ECONNREFUSED']) {
      await until(expected, async () => await knock(presence.port) === expected)
      clock.advance(expected === 'connected' ? 2_000 : 1_000)
    }
    await presence.close()
    t.equal(clock.pending, 0)
  })
  t.test('does not wait for a taken port once it is closed', async t => {
    const clock = new FakeClock()
    const presence = await present(clock)
    await presence.leave()
    const other = createServer().listen(presence.port, '127.0.0.1')
    await once(other, 'listening')
    const back = presence.stay()
    await until('it waits for its port', () => clock.pending > 0)
    const closed = presence.close()
    clock.advance(100)
    await Promise.all([back, closed])
    t.equal(clock.pending, 0)
    other.close()
  })
})
