import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { systemClock, type Clock } from '../../src/clock.js'
import { fetchKeySet } from '../../src/tokens/fetch-key-set.js'
import { FakeClock } from '../fake-clock.js'
import { ec, es256, claims, NOW_S, verifier } from './tokens.js'

async function serve (t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    await new Promise(resolve => { server.close(resolve) })
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
}
const fetchFrom = async (url: string, clock: Clock = systemClock) => await fetchKeySet(new URL(url), clock)
const json = (body: unknown): RequestListener => (_, response) => response.end(JSON.stringify(body))
const keys = (kid: string) => ({ keys: [{ ...ec.publicKey.export({ format: 'jwk' }), kid, use: 'sig' }] })

t.test('a key set is fetched', async t => {
  t.same(await fetchFrom(await serve(t, json({ keys: [] }))), { keys: [] })
})

t.test('an address without a key set', async t => {
  for (const [status, headers, body, reason] of [
    [404, {}, 'hunter2', 'it answers with 404'], [302, { Location: '/other' }, '', 'it answers with 302'], [200, {}, '<html>hunter2', 'its answer is not JSON'],
    [200, {}, ' '.repeat(262_145), 'its answer has more than 262144 bytes'], [200, {}, '', 'its answer is not JSON']
  ] as const) {
    const asked: string[] = []
    const url = await serve(t, ({ url = '' }, response) => {
      asked.push(url)
      response.writeHead(status, headers).end(body)
    })
    await t.rejects(fetchFrom(url), { message: reason })
    t.same(asked, ['/keys'], 'no redirect is followed')
  }
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  await t.rejects(fetchFrom(`http://127.0.0.1:${port}/`), { message: 'ECONNREFUSED' })
  await t.rejects(fetchFrom('http://127.0.0.1:6000/'), { message: 'bad port' }, 'a port that fetch does not ask')
})

t.test('an answer that comes too late, or never ends, is given up', async t => {
  for (const [begin, endless] of [[false, false], [true, false], [true, true]]) {
    const clock = new FakeClock()
    let note = () => {}
    const asked = new Promise<void>(resolve => { note = resolve })
    const url = await serve(t, (_, response) => {
      if (begin) response.write('{"keys": [')
      if (endless) response.on('drain', () => response.write(' '.repeat(100))).write(' '.repeat(1_000))
      note()
    })
    const answer = t.rejects(fetchFrom(url, clock), { message: 'it does not answer within 5 seconds' })
    await asked
    await new Promise(setImmediate)
    clock.advance(5_000)
    await answer
    t.equal(clock.pending, 0)
  }
})

t.test('tokens are verified with the keys that a signer publishes', async t => {
  let published = keys('one')
  let status = 200
  const url = await serve(t, (_, response) => response.writeHead(status).end(JSON.stringify(published)))
  const clock = new FakeClock()
  const warnings: string[] = []
  const it = verifier({ key: { jwks: url } }, { clock, warn: message => warnings.push(message) })
  const payload = { ...claims, exp: NOW_S + 86_400 }
  t.match(await it.verify(es256(payload, { kid: 'one' })), { name: 'anna' })
  await t.rejects(it.verify(es256(payload, { kid: 'two' })), { code: 'BAD_CREDENTIALS', message: /its signer has no such key \(kid\)/ })
  published = keys('two')
  clock.advance(30_000)
  t.match(await it.verify(es256(payload, { kid: 'two' })), { name: 'anna' })
  await t.rejects(it.verify(es256(payload, { kid: 'one' })), { code: 'BAD_CREDENTIALS' })
  status = 500
  clock.advance(600_000)
  t.match(await it.verify(es256(payload, { kid: 'two' })), { name: 'anna' })
  t.match(warnings, [/it answers with 500\. The last ones are used/])
  clock.advance(3_600_000)
  await t.rejects(it.verify(es256(payload, { kid: 'two' })), { code: 'KEYS_UNAVAILABLE' })
  const pemAsSecret = es256(payload, { kid: 'two', alg: 'HS256' })
  status = 200
  clock.advance(60_000)
  await t.rejects(it.verify(pemAsSecret), { code: 'BAD_CREDENTIALS', message: /\(alg\)/ })
})
