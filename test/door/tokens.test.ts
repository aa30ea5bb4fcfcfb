import t from 'tap'
import { bearerOf } from '../../src/door/tokens.js'
import { es256, hs256, NOW_S, SECRET, standard } from '../tokens/tokens.js'
import { basic, people, withUsers } from './guarded.js'

const jwt = { key: { secret: SECRET }, cookie: 'site_token', ...standard }
const payload = { sub: 'ben', exp: NOW_S + 60, cameras: ['2'] }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookie = (token: string) => ({ cookie: `other=1; site_token=${token}; last=2` })

t.test('a token', async t => {
  const { app, clock } = await withUsers(t, people, { jwt })
  const ask = (headers: Record<string, string>, url = '/status') => app.inject({ url, headers })

  t.test('lets in by the header or the cookie, with its right and cameras', async t => {
    for (const as of [bearer, cookie, (token: string) => ({ authorization: `bEARER  ${token}` })]) {
      const answer = await ask(as(hs256(payload)))
      t.equal(answer.statusCode, 200)
      t.same(Object.keys(answer.json().cameras), ['2'])
      t.equal((await ask(as(hs256(payload)), '/status/1')).statusCode, 404, 'a camera of others does not exist')
      t.equal((await app.inject({ method: 'POST', url: '/stop/2', headers: as(hs256(payload)) })).statusCode, 403)
      t.same(Object.keys((await ask(as(hs256({ ...payload, cameras: undefined })))).json().cameras), [], 'without the claim, none')
    }
    t.equal((await app.inject({ method: 'POST', url: '/stop/2', headers: bearer(hs256({ ...payload, right: 'control' })) })).statusCode, 200)
  })
  t.test('that is not good is answered with 401 and a reason', async t => {
    for (const [token, code, message] of [
      [hs256({ ...payload, exp: NOW_S - 31 }), 'EXPIRED', /has expired/], [hs256(payload, `${SECRET}!`), 'BAD_CREDENTIALS', /its signature is wrong/],
      [hs256({ ...payload, aud: 'shop' }), 'BAD_CREDENTIALS', /\(aud\)/], ['hunter2', 'BAD_CREDENTIALS', /not a JSON Web Token/]
    ] as const) {
      for (const [headers, challenge] of [[bearer(token), 'Bearer realm="camgate", error="invalid_token"'], [cookie(token), 'Bearer realm="camgate"']] as const) {
        const answer = await ask(headers)
        t.equal(answer.statusCode, 401)
        t.match(answer.json(), { code, message })
        t.same(answer.headers['www-authenticate'], ['Basic realm="camgate", charset="UTF-8"', challenge])
        t.notMatch(answer.payload, token)
      }
    }
    t.match((await ask(bearer(''))).json(), { statusCode: 401, code: 'BAD_CREDENTIALS' })
  })
  t.test('in a stale cookie is in nobody\'s way who has another proof', async t => {
    const stale = cookie(hs256({ ...payload, exp: 1 }))
    t.equal((await ask({ ...stale, ...basic('anna') })).statusCode, 200)
    t.equal((await ask({ ...stale, ...bearer(hs256(payload)) })).statusCode, 200)
    t.equal((await ask({ ...cookie(hs256(payload)), ...bearer(hs256({ ...payload, exp: 1 })) })).statusCode, 401, 'but a header is meant')
    t.match((await ask({ ...cookie(hs256(payload)), ...basic('anna', 'wrong') })).json(), { code: 'BAD_CREDENTIALS' })
  })
  t.test('counts for nothing in the address', async t => {
    for (const name of ['token', 'access_token', 'site_token']) t.equal((await ask({}, `/status?${name}=${hs256(payload)}`)).statusCode, 401, 'addresses end up in logs')
  })
  t.test('ends when it says so', async t => {
    const short = bearer(hs256({ ...payload, exp: NOW_S + 10 }))
    t.equal((await ask(short)).statusCode, 200)
    clock.advance(40_000)
    t.match((await ask(short)).json(), { statusCode: 401, code: 'EXPIRED' })
  })
})

t.test('no cookie is read unless it has a name', async t => {
  const { cookie: _, ...headerOnly } = jwt
  const { app } = await withUsers(t, [], { jwt: headerOnly })
  const answer = await app.inject({ url: '/status', headers: cookie(hs256(payload)) })
  t.match(answer.json(), { statusCode: 401, code: 'UNAUTHENTICATED' })
  t.equal(answer.headers['www-authenticate'], 'Bearer realm="camgate"')
  t.equal((await app.inject({ url: '/status', headers: bearer(hs256(payload)) })).statusCode, 200)
})

t.test('tokens whose keys cannot be fetched are answered with 503, and reported', async t => {
  const { app, lines } = await withUsers(t, [], { jwt: { ...jwt, key: { jwks: 'http://127.0.0.1:6000/a?hunter2' } } })
  const answer = await app.inject({ url: '/status', headers: bearer(es256(payload)) })
  t.match(answer.json(), { statusCode: 503, code: 'KEYS_UNAVAILABLE' })
  t.same([answer.headers['retry-after'], answer.headers['www-authenticate']], ['1', undefined])
  t.same(lines, ['The keys that tokens are verified with cannot be fetched: bad port. Until they can, all tokens are refused.'])
})

t.test('bearerOf', async t => {
  for (const [authorization, token] of [['Bearer a.b', 'a.b'], ['bearer  a.b', 'a.b'], ['Bearer', ''], ['Bearerx y', undefined], ['Basic a', undefined], ['', undefined], [undefined, undefined]] as const) {
    t.equal(bearerOf({ headers: { authorization } }), token, String(authorization))
  }
})
