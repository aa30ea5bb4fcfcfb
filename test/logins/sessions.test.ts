import t from 'tap'
import { Sessions } from '../../src/logins/sessions.js'
import { FakeClock } from '../fake-clock.js'

const HOUR_MS = 3_600_000
const anna = { name: 'anna', right: 'control', cameras: new Set(['1']) } as const

t.test('a session', async t => {
  t.test('has the rights of its user, and is found by its token alone', async t => {
    const clock = new FakeClock()
    const sessions = new Sessions(clock)
    const token = sessions.open(anna)
    t.match(token, /^[\w-]{43}$/)
    t.match(sessions.find(token), { kind: 'user', name: 'anna', right: 'control', cameras: anna.cameras, issuedAt: clock.wall() })
    t.not(sessions.open(anna), token)
    for (const other of ['', token.slice(0, -1), `${token}=`]) t.equal(sessions.find(other), undefined)
    t.ok(sessions.find(token), 'a wrong token ends nothing')
  })
  t.test('ends 12 hours after its last use', async t => {
    const clock = new FakeClock()
    const sessions = new Sessions(clock)
    const token = sessions.open(anna)
    clock.advance(11 * HOUR_MS)
    const principal = sessions.find(token)!
    t.equal(principal.until, clock.wall() + 12 * HOUR_MS)
    clock.advance(11 * HOUR_MS)
    t.ok(sessions.find(token))
    t.equal(principal.until, clock.wall() + 12 * HOUR_MS, 'a use while a stream runs lets the stream go on')
    clock.advance(12 * HOUR_MS)
    t.equal(sessions.find(token), undefined)
    t.equal(sessions.size, 0)
    t.ok(principal.until! <= clock.wall())
  })
  t.test('ends with a logout, for its streams too', async t => {
    const sessions = new Sessions(new FakeClock())
    const [token, other] = [sessions.open(anna), sessions.open(anna)]
    const principal = sessions.find(token)!
    sessions.close(token)
    sessions.close(token)
    t.equal(sessions.find(token), undefined)
    t.equal(principal.until, 0)
    t.ok(sessions.find(other), 'the same user\'s other sessions go on')
  })
})

t.test('a user\'s sessions are limited, without a limit for others', async t => {
  const clock = new FakeClock()
  const sessions = new Sessions(clock)
  const bert = sessions.open({ ...anna, name: 'bert' })
  const [unused, used] = [sessions.open(anna), sessions.open(anna)]
  sessions.find(used)
  for (let i = 0; i < 98; i++) sessions.open(anna)
  t.equal(sessions.size, 101)
  sessions.open(anna)
  t.equal(sessions.size, 101)
  t.equal(sessions.find(unused), undefined, 'the one that was used longest ago has ended')
  t.ok(sessions.find(used))
  t.ok(sessions.find(bert))
  clock.advance(12 * HOUR_MS)
  sessions.open(anna)
  t.equal(sessions.size, 1, 'those that have ended take no memory')
})
