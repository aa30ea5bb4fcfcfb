import t from 'tap'
import { CatchUp } from '../../../src/view/paths/catch-up.js'
import type { EngineHost } from '../../../src/view/paths/path.js'
import { FakeClock } from '../../fake-clock.js'

function begin () {
  const clock = new FakeClock()
  const [painted, closed]: [number[], number[]] = [[], []]
  const host = { paint: ({ seq }) => painted.push(seq), ageOf: ({ wall }) => 4_000 + clock.now() - wall } as Pick<EngineHost, 'paint' | 'ageOf'> as EngineHost
  const catchUp = new CatchUp(clock, host)
  /** The picture of this number, of a camera that sends one in 50 ms; the 80th was sent at the clock's 0. */
  const decoded = (seq: number, waiting = 0, isBeginning = false) => catchUp.add(
    { kind: 'h264', key: seq === 0, discontinuity: false, statusFrame: false, tile: 1, epoch: 1, seq, wall: seq * 50 },
    { close: () => { closed.push(seq) } } as VideoFrame, waiting, isBeginning)
  return { clock, catchUp, decoded, painted, closed }
}

t.test('pictures that come in a burst', async t => {
  t.test('are not shown while newer ones are decoded, however slowly', async t => {
    const { clock, decoded, painted, closed } = begin()
    for (let seq = 0; seq < 10; seq++) {
      decoded(seq, 9 - seq, true)
      if (seq < 9) clock.advance(20)
      if (seq === 5) clock.advance(900)
    }
    t.same(painted, [])
    clock.advance(59)
    t.same(painted, [])
    clock.advance(1)
    t.same([painted, closed], [[9], [0, 1, 2, 3, 4, 5, 6, 7, 8]])
  })
  t.test('are shown if the decoder holds the newer ones back', async t => {
    const { clock, decoded, painted } = begin()
    decoded(0, 1)
    clock.advance(999)
    t.same(painted, [])
    clock.advance(1)
    t.same(painted, [0])
  })
  t.test('are shown as soon as one is fresh', async t => {
    const { decoded, painted, closed } = begin()
    for (const seq of [70, 71, 79]) decoded(seq)
    t.same([painted, closed], [[79], [70, 71]])
  })
  t.test('are forgotten with what came before', async t => {
    const { clock, catchUp, decoded, painted, closed } = begin()
    decoded(3)
    catchUp.clear()
    clock.advance(2_000)
    t.same([painted, closed], [[], [3]])
  })
})

t.test('old pictures that come at the camera\'s pace are shown', async t => {
  const { clock, decoded, painted } = begin()
  decoded(0)
  for (const seq of [1, 2, 3]) {
    clock.advance(50)
    decoded(seq)
  }
  t.same(painted, [1, 2, 3])
})
