import t from 'tap'
import { WrongPasswordLog } from '../../src/logins/wrong-password-log.js'
import { FakeClock } from '../fake-clock.js'

t.test('wrong passwords are logged at once, then once a minute', async t => {
  const clock = new FakeClock()
  const lines: string[] = []
  const log = new WrongPasswordLog(clock, line => lines.push(line))
  const next = () => lines.splice(0).join('\n')
  log.note('10.0.0.1')
  t.equal(next(), '1 wrong password from 10.0.0.1')
  for (let i = 0; i < 500; i++) log.note('10.0.0.2')
  log.note('10.0.0.1')
  clock.advance(59_999)
  t.equal(next(), '')
  clock.advance(1)
  t.equal(next(), '501 wrong passwords from 10.0.0.2 (500) and 1 other address')
  clock.advance(60_000)
  t.equal(next(), '', 'nothing, if there were none')
  t.equal(clock.pending, 0)
  log.note('2001:db8:0:0::/64')
  t.equal(next(), '1 wrong password from 2001:db8:0:0::/64')
  for (let i = 0; i < 5_000; i++) log.note(`address ${i}`)
  clock.advance(60_000)
  t.equal(next(), '5000 wrong passwords from address 0 (1) and 999 or more other addresses')
})
