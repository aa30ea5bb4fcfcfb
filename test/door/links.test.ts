import t, { type Test } from 'tap'
import type { AuthSettings, UserSettings } from '../../src/access/settings.js'
import { signLink } from '../../src/access/link.js'
import { guarded } from './guarded.js'
import { build } from '../http/build.js'
import { jpeg, wordsJpeg } from '../fake-launch.js'
import { passwordHash } from '../passwords.js'

const keys = new Map([['k1', 'the first key'], ['k2', 'the second key']])
const IMG = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8'
const JSON_ONLY = { accept: 'application/json' }

/** A web server with three running cameras that links open. */
async function linked (t: Test) {
  const anna: UserSettings = { name: 'anna', password: passwordHash, right: 'admin', cameras: new Set(['2']) }
  const auth: AuthSettings = { users: new Map([['anna', anna]]), links: { keys } }
  const { app, clock, fleet, played } = await guarded(t, ['1', '2', 'secret'], auth)
  app.get('/seen/:id', { config: { scope: 'view', showsPicture: true } }, async ({ principal }) => ({ ...principal, cameras: [...principal.cameras] }))
  fleet.start()
  const showing = () => { for (const id of ['1', '2', 'secret']) played.frame(id) }
  showing()
  const now = () => Math.floor(clock.wall() / 1000)
  const sign = (address: string, sub = 'ben', { kid = 'k1', iat = now(), seconds = 600 } = {}) => signLink(address, { kid, sub, iat, exp: iat + seconds }, keys.get(kid)!)
  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') => app.inject({ method, url, headers })
  return { app, clock, played, sign, get, now }
}

t.test('a signed link', async t => {
  const { sign, get, clock, played, now } = await linked(t)

  t.test('shows its camera, and no other', async t => {
    for (const kid of keys.keys()) {
      const answer = await get(sign('/camera/1/snapshot', 'ben', { kid }))
      t.match(answer, { statusCode: 200, headers: { 'content-type': 'image/jpeg' } }, kid)
      t.ok(answer.rawPayload.equals(jpeg))
    }
    t.equal((await get(sign('/camera/1/snapshot').replace('/1/', '/2/'), JSON_ONLY)).json().code, 'BAD_LINK')
    t.match((await get(sign('/camera/none'), JSON_ONLY)).json(), { code: 'CAMERA_NOT_FOUND', message: 'There is no camera that you may see.' })
    t.notMatch((await get(sign('/camera/none'), JSON_ONLY)).payload, /secret/, 'nor its name')
  })

  t.test('is good for HEAD as well', async t => {
    for (const address of ['/camera/1', '/camera/1/snapshot', '/video_feed']) {
      t.equal((await get(sign(address), {}, 'HEAD')).statusCode, 200, address)
      t.equal((await get(address, {}, 'HEAD')).statusCode, 401, address)
    }
  })

  t.test('is read as the route reads it', async t => {
    for (const address of ['//camera//1/snapshot/', '/camera/%31/snapshot', 'http://localhost/camera/1/snapshot']) {
      t.equal((await get(sign('/camera/1/snapshot').replace('/camera/1/snapshot', address))).statusCode, 200, address)
    }
  })

  t.test('of a known user shows what that user may see', async t => {
    t.equal((await get(sign('/camera/2/snapshot', 'anna'))).statusCode, 200)
    const hidden = await get(sign('/camera/secret/snapshot', 'anna'), JSON_ONLY)
    t.match(hidden.json(), { code: 'CAMERA_NOT_FOUND', message: /The cameras are: 2\.$/ })
  })

  t.test('grants the right to view until it ends, whatever right its user has', async t => {
    const iat = now() - 10
    const times = { issuedAt: iat * 1000, until: (iat + 600) * 1000 }
    t.same((await get(sign('/seen/2', 'anna', { iat }))).json(), { kind: 'link', name: 'anna', right: 'view', cameras: ['2'], ...times })
    t.same((await get(sign('/seen/a%2Fb%20%3Fc', 'ben', { iat }))).json(), { kind: 'link', name: 'ben', right: 'view', cameras: ['a/b ?c'], ...times })
  })

  t.test('lets nobody do anything else, whatever right its user has', async t => {
    for (const address of ['/status', '/status/2']) t.match((await get(sign(address, 'anna'))).json(), { statusCode: 401, code: 'UNAUTHENTICATED' }, address)
    t.equal((await get(sign('/stop/2', 'anna'))).statusCode, 401)
    t.equal((await get(sign('/stop/2', 'anna'), {}, 'POST')).statusCode, 401)
    t.equal(played.stops('2'), 0)
  })

  t.test('that expired shows a picture that says so, and a sentence to programs', async t => {
    const link = sign('/camera/1')
    clock.advance(600_000)
    const answer = await get(link)
    t.match(answer, { statusCode: 401, headers: { 'content-type': 'image/jpeg', 'cache-control': 'no-store', 'content-security-policy': /sandbox/ } })
    t.ok(answer.rawPayload.equals(wordsJpeg))
    t.match(played.drawn.at(-1), { title: 'This link has expired.', paragraphs: ['Reload the page that showed it.'], width: 640, height: 360, over: undefined })
    t.equal(answer.headers['www-authenticate'], undefined, 'a password would not help')
    const drawn = played.drawn.length
    await get(link)
    t.equal(played.drawn.length, drawn, 'which is drawn once')
    t.match((await get(link, JSON_ONLY)).json(), { statusCode: 401, code: 'EXPIRED', message: 'This link has expired. Reload the page that showed it.' })
    t.match((await get(link.replace('ben', 'bea'), JSON_ONLY)).json(), { code: 'BAD_LINK' }, 'only if it is genuine')
  })

  t.test('that is not valid shows a picture as well, and tells programs what is wrong', async t => {
    const link = sign('/camera/1')
    const drawn = played.drawn.length
    t.match(await get(`${link}x`), { statusCode: 401, headers: { 'content-type': 'image/jpeg' } })
    t.match(played.drawn.slice(drawn), [{ title: 'This link is not valid.' }])
    const wrong: Array<[link: string, message: RegExp]> = [
      [`${link}x`, /signed with another key, for another path, or changed/],
      [`${link}&fps=5`, /changed after it was signed/],
      [link.replace('kid=k1', 'kid=k9'), /no key with the name in its kid/],
      [sign('/camera/1', 'ben', { iat: now() + 31 }), /clock of the machine that signed it is ahead/],
      [sign('/camera/1', 'ben', { seconds: 367 * 86_400 }), /at most 366 days after/],
      ['/camera/1?sig=', /needs exp, iat, kid, sub and sig/],
      ['/camera/1?sig=a&sig=b', /each once/]
    ]
    for (const [url, message] of wrong) {
      t.match((await get(url, JSON_ONLY)).json(), { statusCode: 401, code: 'BAD_LINK', message }, url)
      t.equal((await get(url)).headers['www-authenticate'], undefined)
    }
  })
})

t.test('a link of a signer whose clock is ahead is as old as its first use, so that a revocation after that reaches it', async t => {
  const { sign, get, clock, now } = await linked(t)
  const link = sign('/seen/2', 'ben', { iat: now() + 20 })
  const { issuedAt } = (await get(link)).json()
  t.equal(issuedAt, clock.wall())
  clock.advance(25_000)
  t.equal((await get(link)).json().issuedAt, issuedAt)
})

t.test('an <img> that nobody let in shows why', async t => {
  const { get, played } = await linked(t)
  for (const headers of [{ accept: IMG }, { 'sec-fetch-dest': 'image' }] as Array<Record<string, string>>) {
    const answer = await get('/camera/1', headers)
    t.match(answer, { statusCode: 401, headers: { 'content-type': 'image/jpeg', vary: /Sec-Fetch-Dest/ } })
  }
  t.match(played.drawn, [{ title: 'This camera is closed.', paragraphs: ['Log in to see it.'] }])
  for (const accept of ['*/*', 'application/json', 'text/html']) t.match((await get('/camera/1', { accept })).json(), { code: 'UNAUTHENTICATED' }, accept)
  t.match((await get('/status', { accept: IMG })).json(), { code: 'UNAUTHENTICATED' })
})

t.test('where no link keys are configured, a signature is a parameter like any other', async t => {
  const { app, fleet, played } = await build(t)
  fleet.start()
  played.frame('1')
  t.equal((await app.inject('/camera/1/snapshot?sig=x')).statusCode, 200)
})
