import t, { type Test } from 'tap'
import { systemClock } from '../../src/clock.js'
import { HttpClient } from '../../src/http-client/http-client.js'
import { addressOf } from '../../src/ingest/address.js'
import { scriptedHttp, whole } from './http-camera.js'

function clientOf (t: Test, url: string, credentials = { username: 'ann', password: 'horse' }): HttpClient {
  const client = new HttpClient({ address: addressOf(url, false)!, credentials, clock: systemClock }, new AbortController().signal)
  t.teardown(() => client.close())
  return client
}

t.test('a POST', async t => {
  t.test('goes to its path on the same server, with all bytes of its body', async t => {
    const { url, asked } = await scriptedHttp(t, (_, socket) => { socket.write(whole('done')) })
    const answer = await clientOf(t, url).post('/onvif/ptz?a=$1', { 'Content-Type': 'text/plain' }, 'naïve\r\n')
    t.equal(answer.status, 200)
    t.match(asked[0]?.head, /^POST \/onvif\/ptz\?a=\$1 HTTP\/1\.1\r\n/)
    t.equal(asked[0]?.header('content-length'), '8')
  })
  t.test('is sent again with a proof of the password that covers its method', async t => {
    const { url, asked } = await scriptedHttp(t, ({ header }, socket) => {
      socket.write(header('authorization') ? whole('done') : whole('', { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' }, '401 Unauthorized'))
    })
    t.equal((await clientOf(t, url).post('/x', {}, 'body')).status, 200)
    t.match(asked.at(-1)?.header('authorization'), /^Digest username="ann".*uri="\/x"/)
  })
  t.test('is redirected to another path, and to no other server', async t => {
    const { url, asked } = await scriptedHttp(t, ({ path }, socket) => { socket.write(path === '/new' ? whole('done') : whole('', { Location: '/new' }, '307 Temporary Redirect')) })
    t.equal((await clientOf(t, url).post('/old', {}, 'body')).status, 200)
    t.same(asked.map(({ path, head }) => [path, /POST/.test(head)]), [['/old', true], ['/new', true]])
    const other = await scriptedHttp(t, (_, socket) => { socket.write(whole('', { Location: 'http://192.0.2.1/' }, '307 Temporary Redirect')) })
    await t.rejects(clientOf(t, other.url).post('/old', {}, 'body'), { code: 'BAD_REDIRECT' })
  })
})
