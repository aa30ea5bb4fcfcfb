import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { systemClock } from '../../src/clock.js'
import { Listener } from '../../src/simulator/listener.js'
import { FakeClock } from '../fake-clock.js'
import { knock } from './knock.js'

const host = '127.0.0.1'

t.test('a listener', async t => {
  t.test('closes, refuses, and opens again on the same port', async t => {
    const listener = new Listener(host, 0, systemClock, socket => socket.destroy())
    await listener.open()
    const { port } = listener
    t.equal(await knock(port), 'connected')
    await listener.close()
    t.equal(await knock(port), 'ECONNREFUSED')
    await listener.open()
    await listener.open()
    t.equal(listener.port, port)
    t.equal(await knock(port), 'connected')
    await listener.close()
    await listener.close()
  })
  t.test('waits for a port that is taken briefly, and throws if it stays taken', async t => {
    const other = createServer().listen(0, host)
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const clock = new FakeClock()
    const listener = new Listener(host, port, clock, () => {})
    await t.rejects(listener.open(), { code: 'PORT_BUSY', message: new RegExp(`Port ${port} `) })
    const opened = listener.open({ attempts: 3 })
    while (clock.pending === 0) await new Promise(resolve => setImmediate(resolve))
    other.close()
    await once(other, 'close')
    clock.advance(100)
    await opened
    await listener.close()
  })
})
