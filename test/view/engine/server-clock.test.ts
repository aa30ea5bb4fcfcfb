import t from 'tap'
import { ServerClock } from '../../../src/view/engine/server-clock.js'
import { FakeClock } from '../../fake-clock.js'

t.test('the server\'s clock', async t => {
  const clock = new FakeClock()
  const server = new ServerClock(clock)
  t.equal(server.offset, 0, 'is this machine\'s before the first answer')
  const answerAfter = (ms: number, wall: number) => {
    const sent = clock.now()
    clock.advance(ms)
    server.answer(sent, wall)
  }
  answerAfter(400, clock.wall() + 5_000 + 400) // all of its time on the way there
  t.equal(server.offset, 5_200)
  answerAfter(10, clock.wall() + 5_000 + 5)
  t.equal(server.offset, 5_000, 'is that of the answer that took the shortest time')
  answerAfter(300, clock.wall() + 9_000)
  t.equal(server.offset, 5_000)
  for (let i = 0; i < 8; i++) answerAfter(20, clock.wall() + 6_000 + 10)
  t.equal(server.offset, 6_000, 'follows when one of the two is set')
})
