import t from 'tap'
import { Schedule } from '../../src/simulator/schedule.js'
import { FakeClock } from '../fake-clock.js'

function scheduled (fps: number) {
  const clock = new FakeClock()
  const due: Array<[index: number, at: number]> = []
  const schedule = new Schedule(fps, clock, index => due.push([index, clock.now()]))
  return { clock, due, schedule }
}

t.test('a schedule', async t => {
  t.test('shows the first picture at once and the others at their times', async t => {
    const { clock, due, schedule } = scheduled(20)
    schedule.start(7)
    t.same(due, [], 'not within the call')
    clock.advance(100)
    t.same(due, [[7, 0], [8, 50], [9, 100]])
    t.equal(schedule.index, 10)
  })
  t.test('does not drift', async t => {
    const { clock, due, schedule } = scheduled(30)
    schedule.start(0)
    clock.advance(60_010)
    t.equal(due.length, 1_801)
  })
  t.test('catches up after a short delay, but not after a sleep', async t => {
    for (const [late, shown] of [[400, 9], [60_000, 2]] as const) {
      const { due, schedule, clock } = scheduled(20)
      schedule.start(0)
      clock.advance(0)
      const now = clock.now.bind(clock)
      clock.now = () => now() + late // as if the event loop were blocked
      clock.advance(50)
      clock.advance(0)
      t.ok(Math.abs(due.length - shown) <= 1, `${late} ms late: ${due.length} pictures`)
    }
  })
  t.test('stops, also from within its callback, and leaves no timer', async t => {
    const clock = new FakeClock()
    let shown = 0
    const schedule = new Schedule(20, clock, () => { if (++shown === 3) schedule.stop() })
    schedule.start(0)
    clock.advance(10_000)
    t.equal(shown, 3)
    t.equal(clock.pending, 0)
    t.notOk(schedule.running)
    schedule.start(0)
    schedule.start(5)
    t.equal(clock.pending, 1)
  })
})
