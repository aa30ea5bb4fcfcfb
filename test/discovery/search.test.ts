import t, { type Test } from 'tap'
import { systemClock } from '../../src/clock.js'
import { search, type FoundDevice } from '../../src/discovery/search.js'
import { DiscoveryResponder } from '../../src/simulator/onvif/responder.js'
import type { OnvifQuirk } from '../../src/simulator/onvif/quirk.js'
import { until } from '../e2e/until.js'
import { playOnvif } from '../onvif/onvif-camera.js'

async function respond (t: Test, ...quirks: OnvifQuirk[][]) {
  const cameras = await Promise.all(quirks.map((quirks, index) => playOnvif(t, { quirks, name: `Camera ${index + 1}` })))
  const responder = new DiscoveryResponder(cameras, systemClock)
  await responder.open('127.0.0.1', 0)
  t.teardown(() => responder.close())
  return { cameras, responder }
}

t.test('a search by unicast finds each camera once, at the address that answered', async t => {
  const { cameras, responder } = await respond(t, [], ['other-interface'], ['several-xaddrs'], ['duplicate-answers'])
  const found: FoundDevice[] = []
  let isOver = false
  const searched = search({ hosts: ['127.0.0.1', '127.0.0.2'], waitMs: 1_000, clock: systemClock, port: responder.port }, device => found.push(device)).then(() => { isOver = true })
  await until('all have answered', () => found.length >= 4 || isOver)
  await searched
  t.same(found.map(({ onvif }) => onvif).sort(), cameras.map(({ url }) => `${url}/onvif/device_service`).sort())
  t.match(found, Array.from({ length: 4 }, () => ({ address: '127.0.0.1', model: 'simulator', name: /^Camera \d$/ })))
  t.equal(responder.probes, 6, 'two questions, three times')
})
