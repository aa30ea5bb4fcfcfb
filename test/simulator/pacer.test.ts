import t from 'tap'
import { Pacer } from '../../src/simulator/pacer.js'
import { FakeClock } from '../fake-clock.js'

function paced (fps: number) {
  const clock = new FakeClock()
  const due: Array<[index: number, at: number]> = []
  const pacer = new Pacer(fps, clock, index => due.push([index, clock.now()]))
  return { clock, due, pacer }
}

t.test('a pacer', async t => {
  t.test('shows the first picture at once and the others at their times', async t => {
    const { clock, due, pacer } = paced(20)
    pacer.start(7)
    t.same(due, [], 'not within the call')
    clock.advance(100)
    t.same(due, [[7, 0], [8, 50], [9, 100]])
    t.equal(pacer.index, 10)
  })
  t.test('does not drift', async t => {
    const { clock, due, pacer } = paced(30)
    pacer.start(0)
    clock.advance(60_010)
    t.equal(due.length, 1_801)
  })
  t.test('catches up after a moment, but not after a sleep', async t => {
    for (const [late, shown] of [[400, 9], [60_000, 2]] as const) {
      const { due, pacer, clock } = paced(20)
      pacer.start(0)
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
    const pacer = new Pacer(20, clock, () => { if (++shown === 3) pacer.stop() })
    pacer.start(0)
    clock.advance(10_000)
    t.equal(shown, 3)
    t.equal(clock.pending, 0)
    t.notOk(pacer.running)
    pacer.start(0)
    pacer.start(5)
    t.equal(clock.pending, 1)
  })
})
