import type { LookupAddress } from 'node:dns'
import t from 'tap'
import { CameraAddresses } from '../../src/notify/camera-addresses.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'

const place = (host: string) => ({ camera: host, host, port: 554 })

t.test("cameras' addresses", async t => {
  const clock = new FakeClock()
  const { signal } = new AbortController()
  const asked: string[] = []
  const waiting: Array<(found: LookupAddress[] | Promise<never>) => void> = []
  const release = () => waiting.shift()!([{ address: '192.168.1.30', family: 4 }])
  const addresses = new CameraAddresses(async name => {
    asked.push(name)
    if (name === 'gone.lan') throw new Error('ENOTFOUND')
    if (name.endsWith('slow.lan')) return await new Promise(resolve => waiting.push(resolve))
    return [{ address: '::ffff:192.168.1.20', family: 6 }]
  }, clock)

  t.test('include those of names', async t => {
    const places = [place('192.168.1.9'), place('localhost'), place('cam.lan'), place('gone.lan')]
    t.same(await addresses.resolved(places, signal), [...places.slice(0, 3), { camera: 'cam.lan', host: '192.168.1.20', port: 554 }, places[3]])
    t.same(asked, ['cam.lan', 'gone.lan'])
    await addresses.resolved(places, signal)
    t.same(asked.splice(0), ['cam.lan', 'gone.lan'], 'which are remembered')
    clock.advance(60_000)
    await addresses.resolved(places, signal)
    t.same(asked.splice(0), ['cam.lan', 'gone.lan'], 'for a minute')
  })
  t.test('are not waited for longer than two seconds', async t => {
    const places = [place('slow.lan'), place('cam.lan')]
    const found = addresses.resolved(places, signal)
    clock.advance(2_000)
    t.same((await found).map(({ host }) => host), ['slow.lan', 'cam.lan', '192.168.1.20'])
    release()
    await turn()
    t.same((await addresses.resolved(places, signal)).map(({ host }) => host), ['slow.lan', '192.168.1.30', 'cam.lan', '192.168.1.20'], 'and known the next time')
    t.equal(clock.pending, 0)
  })
  t.test('are not waited for once a receiver is given up', async t => {
    const closing = new AbortController()
    const found = addresses.resolved([place('closed.slow.lan')], closing.signal)
    closing.abort()
    t.same(await found, [place('closed.slow.lan')], 'at once, because camgate ends')
    t.same(await addresses.resolved([place('closed.slow.lan')], closing.signal), [place('closed.slow.lan')])
    t.equal(clock.pending, 0)
    release()
  })
  t.test('are looked up once for all receivers, one at a time', async t => {
    const places = [place('first.slow.lan'), place('second.slow.lan')]
    asked.length = 0
    const all = Promise.all([1, 2, 3].map(() => addresses.resolved(places, signal)))
    await turn()
    t.same(asked.splice(0), ['first.slow.lan'])
    release()
    await turn()
    t.same(asked.splice(0), ['second.slow.lan'])
    release()
    t.equal((await all).length, 3)
    t.same(asked, [])
  })
  t.test('stay known while a name cannot be resolved', async t => {
    const places = [place('first.slow.lan')]
    clock.advance(60_000)
    const found = addresses.resolved(places, signal)
    await turn()
    waiting.shift()!(Promise.reject(new Error('EAI_AGAIN')))
    t.same((await found).map(({ host }) => host), ['first.slow.lan', '192.168.1.30'])
  })
})
