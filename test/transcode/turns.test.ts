import t from 'tap'
import { Turns } from '../../src/transcode/turns.js'
import { FakeClock } from '../fake-clock.js'

function turnsOf (names: string[], atOnce: number) {
  const clock = new FakeClock()
  const turns = new Turns(clock, atOnce)
  const called: string[] = []
  return { clock, called, ...Object.fromEntries(names.map(name => [name, turns.turn(() => called.push(name))])) as Record<'a' | 'b' | 'c' | 'd', ReturnType<Turns['turn']>> }
}

t.test('turns', async t => {
  t.test('go to a few at a time, in the order in which they ask', async t => {
    const { a, b, c, d, called } = turnsOf(['a', 'b', 'c', 'd'], 2)
    t.same([a, b, c, d, a, c].map(turn => turn.take()), [true, true, false, false, true, false])
    t.same(called, [])
    b.end()
    t.same(called, ['c'])
    t.ok(c.take())
    b.take()
    a.end()
    t.same(called, ['c', 'd'])
    d.end()
    d.end()
    t.same(called, ['c', 'd', 'b'], 'once each')
  })

  t.test('are over for who does not want them any more', async t => {
    const { a, b, c, called } = turnsOf(['a', 'b', 'c'], 1)
    a.take()
    b.take()
    c.take()
    b.end()
    a.end()
    t.same(called, ['c'])
  })

  t.test('end after half a second if an ffmpeg hangs', async t => {
    const { clock, a, b, c, called } = turnsOf(['a', 'b', 'c'], 1)
    a.take()
    t.notOk(b.take())
    clock.advance(499)
    t.notOk(c.take())
    clock.advance(1)
    t.notOk(c.take(), 'b is first')
    t.same(called, ['b'])
    a.end()
    t.same(called, ['b'], 'it had lost its turn')
    b.end()
    t.same(called, ['b', 'c'])
  })

  t.test('are not called by the one who asks, whose answer is enough', async t => {
    const { clock, a, b, c, called } = turnsOf(['a', 'b', 'c'], 2)
    a.take()
    b.take()
    t.notOk(c.take())
    clock.advance(500)
    t.ok(c.take(), 'the others have lost theirs')
    t.same(called, [])
  })

  t.test('are not called by the one who asks either if another gives its own back meanwhile', async t => {
    const clock = new FakeClock()
    const turns = new Turns(clock, 1)
    const called: string[] = []
    const [a, c] = ['a', 'c'].map(name => turns.turn(() => called.push(name)))
    const b = turns.turn(() => {
      called.push('b')
      b.end()
    })
    a!.take()
    t.notOk(b.take())
    clock.advance(500)
    t.ok(c!.take())
    t.same(called, ['b'])
  })

  t.test('can be given back while they are given', async t => {
    const turns = new Turns(new FakeClock(), 1)
    const called: string[] = []
    const [a, b, c] = ['a', 'b', 'c'].map(name => {
      const turn = turns.turn(() => {
        called.push(name)
        turn.end()
      })
      return turn
    })
    a!.take()
    b!.take()
    c!.take()
    a!.end()
    t.same(called, ['b', 'c'])
    t.ok(a!.take())
  })
})
