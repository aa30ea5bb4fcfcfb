import type { LookupAddress } from 'node:dns'
import t from 'tap'
import { CameraAddresses } from '../../src/notify/camera-addresses.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'

const place = (host: string) => ({ camera: host, host, port: 554 })

t.test("cameras' addresses", async t => {
  const clock = new FakeClock()
  const asked: string[] = []
  const waiting: Array<(found: LookupAddress[]) => void> = []
  const addresses = new CameraAddresses(async name => {
    asked.push(name)
    if (name === 'gone.lan') throw new Error('ENOTFOUND')
    if (name === 'slow.lan') return await new Promise(resolve => waiting.push(resolve))
    return [{ address: '::ffff:192.168.1.20', family: 6 }]
  }, clock)

  t.test('include those of names', async t => {
    const places = [place('192.168.1.9'), place('localhost'), place('cam.lan'), place('gone.lan')]
    t.same(await addresses.resolved(places), [...places.slice(0, 3), { camera: 'cam.lan', host: '192.168.1.20', port: 554 }, places[3]])
    t.same(asked, ['cam.lan', 'gone.lan'])
    await addresses.resolved(places)
    t.same(asked.splice(0), ['cam.lan', 'gone.lan'], 'which are remembered')
    clock.advance(60_000)
    await addresses.resolved(places)
    t.same(asked.splice(0), ['cam.lan', 'gone.lan'], 'for a minute')
  })
  t.test('are not waited for longer than two seconds', async t => {
    const places = [place('slow.lan'), place('cam.lan')]
    const found = addresses.resolved(places)
    clock.advance(2_000)
    t.same((await found).map(({ host }) => host), ['slow.lan', 'cam.lan', '192.168.1.20'])
    waiting[0]!([{ address: '192.168.1.30', family: 4 }])
    await turn()
    t.same((await addresses.resolved(places)).map(({ host }) => host), ['slow.lan', '192.168.1.30', 'cam.lan', '192.168.1.20'], 'and known the next time')
    t.equal(clock.pending, 0)
  })
})
