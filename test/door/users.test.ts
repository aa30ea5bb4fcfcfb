import t from 'tap'
import { basic, people, withUsers } from './guarded.js'

t.test('a user and a password', async t => {
  const { app } = await withUsers(t)
  const status = (headers: Record<string, string>) => app.inject({ url: '/status', headers })

  t.test('let a program in, with the rights of the user', async t => {
    const answer = await status(basic('anna'))
    t.equal(answer.statusCode, 200)
    t.same(Object.keys(answer.json().cameras), ['2'])
    t.equal((await app.inject({ method: 'POST', url: '/stop/2', headers: basic('anna') })).statusCode, 403)
    t.equal((await app.inject({ method: 'POST', url: '/stop/2', headers: basic('Bérénice') })).statusCode, 200)
  })
  t.test('that are wrong are refused with a challenge, whatever is wrong', async t => {
    for (const headers of [basic('anna', 'correct horsf'), basic('Anna'), basic('proxied'), basic('nobody'), basic('anna', ''), basic('', ''), { authorization: 'Basic nonsense' }]) {
      const answer = await status(headers)
      t.equal(answer.statusCode, 401, headers.authorization)
      t.equal(answer.headers['www-authenticate'], 'Basic realm="camgate", charset="UTF-8"')
      t.match(answer.json(), { code: 'BAD_CREDENTIALS' })
      t.notMatch(answer.payload, /anna|horse/i)
    }
    const none = await status({})
    t.equal(none.headers['www-authenticate'], 'Basic realm="camgate", charset="UTF-8"')
    t.match(none.json(), { code: 'UNAUTHENTICATED' })
    t.equal((await status({ 'sec-fetch-dest': 'image', ...basic('anna', 'x') })).headers['www-authenticate'], undefined)
  })
})

t.test('guesses are answered with the time to wait, and reported', async t => {
  const { app, clock, lines } = await withUsers(t)
  const ask = (password: string, remoteAddress = '2001:db8:1:2::3') => app.inject({ url: '/status', headers: basic('anna', password), remoteAddress })
  for (let i = 0; i < 7; i++) await ask(`guess ${i}`)
  const refused = await ask('correct horse')
  t.equal(refused.statusCode, 429)
  t.equal(refused.headers['retry-after'], '1')
  t.equal(refused.headers['www-authenticate'], undefined)
  t.match(refused.json(), { code: 'TOO_MANY_TRIES' })
  t.equal((await ask('correct horse', '2001:db8:1:2:ffff::9')).statusCode, 429, 'the neighbours in the same network wait')
  t.equal((await ask('correct horse', '2001:db8:1:3::3')).statusCode, 200, 'others do not')
  clock.advance(60_000)
  t.equal((await ask('correct horse')).statusCode, 200)
  t.same(lines, ['1 wrong password from 2001:db8:1:2::/64', '5 wrong passwords from 2001:db8:1:2::/64'])
})

t.test('where no user has a password, a Basic header is somebody else\'s', async t => {
  const { app } = await withUsers(t, people.filter(({ password }) => password === undefined))
  const answer = await app.inject({ url: '/status', headers: basic('proxied') })
  t.equal(answer.statusCode, 401)
  t.match(answer.json(), { code: 'UNAUTHENTICATED' })
  t.equal(answer.headers['www-authenticate'], undefined)
  t.match((await app.inject({ method: 'POST', url: '/session', headers: basic('proxied') })).json(), { statusCode: 401, message: /no user in cameras\.yaml has one/ })
})
