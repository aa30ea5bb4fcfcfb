import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import t from 'tap'
import { systemClock, type Clock } from '../../src/clock.js'
import { Availability } from '../../src/simulator/availability.js'
import { until } from '../e2e/until.js'
import { FakeClock } from '../fake-clock.js'
import { Client } from './client.js'
import { knock } from './knock.js'

/** A client that sends nothing and stays until `end`. */
const client = (socket: Socket) => ({
  serve: async () => { await once(socket.resume(), 'close') },
  end: () => { socket.destroy() }
})

async function available (clock: Clock): Promise<Availability> {
  const availability = new Availability('127.0.0.1', 0, clock, client)
  await availability.open()
  return availability
}

t.test('the availability of a camera', async t => {
  t.test('ends every connection when it leaves, and keeps its port', async t => {
    const availability = await available(systemClock)
    const { port } = availability
    const client = await Client.connect(`rtsp://127.0.0.1:${port}/`)
    await until('it is counted', () => availability.connections === 1)
    await availability.leave()
    t.equal(availability.connections, 0)
    t.equal(await knock(port), 'ECONNREFUSED')
    await until('the client has noticed', () => client.closed)
    await availability.stay()
    t.equal(availability.port, port)
    t.equal(await knock(port), 'connected')
    await Promise.all([availability.close(), availability.close()])
    t.ok(availability.closed)
    await availability.stay()
    t.equal(await knock(port), 'ECONNREFUSED', 'it does not come back once closed')
  })
  t.test('comes and goes on time, and leaves no timer', async t => {
    const clock = new FakeClock()
    const availability = await available(clock)
    await availability.comeAndGo({ up: 2, down: 1 })
    for (const expected of ['connected', 'ECONNREFUSED', 'connected', 'ECONNREFUSED']) {
      await until(expected, async () => await knock(availability.port) === expected)
      clock.advance(expected === 'connected' ? 2_000 : 1_000)
    }
    await availability.close()
    t.equal(clock.pending, 0)
  })
  t.test('does not wait for a taken port once it is closed', async t => {
    const clock = new FakeClock()
    const availability = await available(clock)
    await availability.leave()
    const other = createServer().listen(availability.port, '127.0.0.1')
    await once(other, 'listening')
    const back = availability.stay()
    await until('it waits for its port', () => clock.pending > 0)
    const closed = availability.close()
    clock.advance(100)
    await Promise.all([back, closed])
    t.equal(clock.pending, 0)
    other.close()
  })
})
