import t from 'tap'
import { addressOf } from '../../src/ingest/address.js'
import { selfSigned } from '../../src/simulator/certificate.js'
import { makeJpegs } from '../jpegs.js'
import { readHttp, scriptedHttp, whole } from './http-camera.js'

const [first] = makeJpegs(1) as [Buffer]
const token = 'hunter2.a-b_c'

t.test('a token for another camgate', async t => {
  const guarded = async () => await scriptedHttp(t, ({ header }, socket) => {
    if (header('authorization') === `Bearer ${token}`) socket.write(whole(first))
    else socket.write(whole('no', { 'WWW-Authenticate': 'Bearer error="invalid_token"', 'X-Camera-State': 'running' }, '401 Unauthorized'))
  })
  t.test('is sent with every request, unasked', async t => {
    const { url, asked } = await guarded()
    const { pictures, leave } = readHttp(url, { token })
    await pictures(3)
    await leave()
    t.ok(asked.every(({ header }) => header('authorization') === `Bearer ${token}`))
  })
  t.test('is tried once if it is refused, whatever the answer asks for and shows', async t => {
    for (const challenge of ['Bearer error="invalid_token"', 'Basic realm="camgate"', 'Digest realm="r", nonce="n"']) {
      const { url, asked } = await scriptedHttp(t, (_, socket) => { socket.write(whole(first, { 'Content-Type': 'image/jpeg', 'X-Camera-State': 'stopped', 'WWW-Authenticate': challenge }, '401 Unauthorized')) })
      const { seen, ended } = readHttp(url, { token })
      await ended()
      t.match(seen.error, { code: 'HTTP_REFUSED', status: 401 }, challenge)
      t.notMatch(seen.error?.message, 'hunter2')
      t.equal(asked.length, 1)
      t.same(seen.pictures, [])
    }
  })
  t.test('is missing: the failure says where to write it', async t => {
    const { url, asked } = await guarded()
    for (const credentials of [undefined, { username: 'anna', password: 'hunter2' }]) {
      const { seen, ended } = readHttp(url, { credentials })
      await ended()
      t.match(seen.error, { code: 'NO_PROOF', message: /asks for a token\. Write it beside the address/ })
    }
    t.equal(asked.length, 2, 'the password was not tried')
  })
  t.test('goes along to another path, and to no other host, port or protocol', async t => {
    const other = await scriptedHttp(t, (_, socket) => { socket.write(whole(first)) })
    const secure = await scriptedHttp(t, (_, socket) => { socket.write(whole(first)) }, selfSigned('camera', new Date()))
    for (const location of [other.url, other.url.replace('127.0.0.1', 'localhost'), secure.url, 'http://169.254.169.254/']) {
      const { url } = await scriptedHttp(t, (_, socket) => { socket.write(whole('', { Location: location }, '302 Found')) })
      const { seen, ended } = readHttp(url, { token, address: addressOf(url, true)! })
      await ended()
      t.match(seen.error, { code: 'BAD_REDIRECT' }, location)
    }
    t.same([other.connections.total, secure.connections.total], [0, 0])
    const self = await scriptedHttp(t, ({ header }, socket) => { socket.write(whole('', { Location: `https://${header('host')}/` }, '302 Found')) })
    const upward = readHttp(self.url, { token })
    await upward.ended()
    t.match(upward.seen.error, { code: 'BAD_REDIRECT', message: /into TLS/ }, 'whoever answers there may be another program')
    const near = await scriptedHttp(t, ({ path }, socket) => { socket.write(path === '/there' ? whole(first) : whole('', { Location: '/there' }, '302 Found')) })
    const found = readHttp(near.url, { token })
    await found.pictures(1)
    await found.leave()
    t.equal(near.asked.find(({ path }) => path === '/there')?.header('authorization'), `Bearer ${token}`)
  })
  t.test('is not sent to a stranger who answers by TLS', async t => {
    const { url, asked } = await scriptedHttp(t, (_, socket) => { socket.write(whole(first)) }, selfSigned('camera', new Date()))
    const { seen, ended } = readHttp(url, { token })
    await ended()
    t.equal(seen.error?.code, 'DEPTH_ZERO_SELF_SIGNED_CERT')
    t.equal(asked.length, 0)
  })
})
