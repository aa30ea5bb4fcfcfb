import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Principal } from '../../../src/access/principal.js'
import { until } from '../../e2e/until.js'
import { wordsJpeg } from '../../fake-launch.js'
import { build } from '../build.js'

const start = Date.UTC(2026, 0, 1)
const by = (name: string, more: Partial<Principal> = {}): Principal => ({ kind: 'user', name, right: 'view', cameras: 'all', issuedAt: start - 1, ...more })
const principals: Record<string, Principal> = { anna: by('anna'), ben: by('ben'), brief: by('brief', { until: start + 7_000 }), root: by('root', { right: 'admin' }) }

t.test('a stream whose viewer may not watch any longer', async t => {
  const { app, clock, fleet, played } = await build(t, undefined, { waysIn: { identify: [({ headers }) => principals[String(headers['x-who'])]], challenge () {} } })
  t.equal(clock.wall(), start)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  fleet.start()
  const watch = async (who: string, query = '') => {
    const [response] = await once(get(`${url}/camera/1${query}`, { headers: { 'x-who': who } }), 'response') as [IncomingMessage]
    const seen = { text: '', ended: false }
    response.setEncoding('latin1').on('data', (text: string) => { seen.text += text }).on('close', () => { seen.ended = true })
    return seen
  }
  const ask = (path: string, who: string) => app.inject({ method: 'POST', url: path, headers: { 'x-who': who } })
  /** The state that the last part names, and whether its picture is the one with words. */
  const last = ({ text }: { text: string }) => {
    const part = text.split('--camgate-frame\r\n').at(-2) ?? ''
    return { state: /X-Camera-State: (\w+)/.exec(part)?.[1], words: part.endsWith(`\r\n\r\n${wordsJpeg.toString('latin1')}\r\n`) }
  }

  const [anna, ben, brief, program] = await Promise.all([watch('anna'), watch('ben', '?rendition=auto'), watch('brief'), watch('ben', '?status=off')])
  await until('all watch', () => fleet.get('1').hub.viewers === 4)
  played.frame()
  await until('each has a picture', () => [anna, ben, brief, program].every(({ text }) => text.includes('X-Sequence: 1')))

  t.test('goes on while it may', async t => {
    clock.advance(5_000)
    played.frame()
    t.notOk([anna, ben, brief, program].some(({ ended }) => ended))
  })
  t.test('ends with a picture that says so, within ten seconds of the expiry', async t => {
    clock.advance(5_000)
    await until('it ended', () => brief.ended)
    t.same(last(brief), { state: 'expired', words: true })
    t.match(played.drawn.at(-1)!.paragraphs[0], /has ended/)
    t.notOk(anna.ended)
  })
  t.test('ends at once when an administrator revokes it, and nobody else\'s does', async t => {
    t.equal((await ask('/sessions/revoke?user=ben', 'anna')).statusCode, 403)
    t.same((await ask('/sessions/revoke?user=ben', 'root')).json(), { user: 'ben', streams: 2 })
    await until('they ended', () => ben.ended && program.ended)
    t.same(last(ben), { state: 'revoked', words: true })
    t.notMatch(program.text, /X-Camera-State/, 'a program gets the camera\'s pictures only')
    t.notOk(anna.ended)
    t.match((await app.inject({ url: '/status', headers: { 'x-who': 'ben' } })).json(), { statusCode: 401, code: 'BAD_CREDENTIALS' })
    t.equal((await app.inject({ url: '/status', headers: { 'x-who': 'anna' } })).statusCode, 200)
  })
  t.test('of everybody goes on if the request names somebody in another way', async t => {
    for (const query of ['?usr=ben', '?user=', '?user=ben&user=ben']) t.equal((await ask(`/sessions/revoke${query}`, 'root')).statusCode, 400, query)
    for (const payload of ['user=ben', '{"user":"ben"}']) {
      t.match((await app.inject({ method: 'POST', url: '/sessions/revoke', headers: { 'x-who': 'root' }, payload })).json(), { statusCode: 400, code: 'BAD_REQUEST' }, payload)
    }
    t.notOk(anna.ended)
    t.equal((await app.inject({ url: '/status', headers: { 'x-who': 'anna' } })).statusCode, 200)
  })
  t.test('is named to administrators only', async t => {
    const watching = async (who: string) => (await app.inject({ url: '/status', headers: { 'x-who': who } })).json().cameras['1'].watching
    t.match(await watching('root'), [{ user: 'anna', from: '127.0.0.x' }])
    t.notOk('user' in (await watching('anna'))[0])
  })
  t.test('of everybody ends too', async t => {
    t.same((await ask('/sessions/revoke', 'root')).json(), { user: null, streams: 1 })
    await until('it ended', () => anna.ended)
    t.equal((await ask('/sessions/revoke', 'root')).statusCode, 401, 'the administrator\'s own as well')
  })
})
