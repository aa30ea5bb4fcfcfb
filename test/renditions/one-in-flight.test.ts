import t from 'tap'
import { OneInFlight } from '../../src/renditions/one-in-flight.js'
import type { Frame } from '../../src/frames/frame.js'
import { assembleFrame } from '../../src/multipart.js'
import { FakeClock } from '../fake-clock.js'
import { jpeg } from '../fake-launch.js'

function play () {
  const clock = new FakeClock()
  const given: number[] = []
  const encoding = { give: ({ seq }: Frame) => { given.push(seq) }, full: false, stop () {} }
  let dues = 0
  const inFlight = new OneInFlight(encoding, clock, () => { dues++ })
  let seq = 0
  /** One picture, 10 ms after the last one. */
  const offer = (state?: string) => {
    clock.advance(10)
    return inFlight.offer(assembleFrame({ pieces: [jpeg], length: jpeg.length, width: 64, height: 48 }, { seq: ++seq, at: clock.now(), wall: 0, ...state && { state } }))
  }
  /** Takes a result. Returns the number of the picture that it was made from. */
  const out = () => {
    const { at } = inFlight.result()
    inFlight.next()
    return at / 10
  }
  const give = (damaged: boolean) => inFlight.offer(assembleFrame({ pieces: [jpeg], length: jpeg.length, width: 64, height: 48 }, { seq: ++seq, at: clock.now(), wall: 0, damaged }))
  return { give, clock, given, encoding, inFlight, offer, out, dues: () => dues }
}

t.test('one picture in flight', async t => {
  t.test('returns when the coded picture arrived from which its source was decoded', async t => {
    const { inFlight } = play()
    inFlight.offer(assembleFrame({ pieces: [jpeg], length: jpeg.length, width: 64, height: 48 }, { seq: 1, at: 30, originalAt: 10, wall: 0 }))
    t.match(inFlight.result(), { at: 30, originalAt: 10 })
  })
  t.test('gives no more pictures than are wanted, and returns false for the others', async t => {
    const { given, inFlight, offer, out } = play()
    const left: number[] = []
    const show = (count: number) => {
      for (let i = 0; i < count; i++) {
        const before = given.length
        if (offer() === false) left.push(i)
        if (given.length > before) out()
      }
    }
    inFlight.pace(10) // instead of 100
    show(35)
    t.same(given, [1, 11, 21, 31])
    t.equal(left.length, 31)
    inFlight.pace(50)
    show(10)
    t.same(given.slice(4), [36, 37, 38, 40, 42, 44], 'at the other rate from the next picture on')
    inFlight.pace(Infinity)
    show(3)
    t.same(given.slice(-3), [46, 47, 48])
    inFlight.pace(1)
    show(50)
    t.equal(given.at(-1), 48)
    t.ok(inFlight.hurry())
    show(50)
    t.same(given.slice(-2), [48, 99], 'one for a viewer without a picture')
    show(100)
    t.same(given.slice(-2), [99, 199], 'and then as before')
  })

  t.test('does not hurry while a picture is in flight', async t => {
    const { given, inFlight, offer, out } = play()
    inFlight.pace(1)
    offer()
    t.notOk(inFlight.hurry())
    out()
    offer()
    t.same(given, [1])
  })

  t.test('gives one picture at a time, and then the newest', async t => {
    const { given, offer, out } = play()
    offer()
    offer()
    offer()
    t.same(given, [1])
    t.equal(out(), 1)
    t.same(given, [1, 3])
    t.equal(out(), 3)
    t.same(given, [1, 3], 'none is given twice')
    offer()
    t.same(given, [1, 3, 4])
  })

  t.test('marks a result that may be made from a damaged picture', async t => {
    const { inFlight, clock, give } = play()
    give(true)
    t.match(inFlight.result(), { damaged: true })
    t.match(inFlight.result(), { damaged: true }, 'another result of the same picture')
    inFlight.next()
    give(false)
    clock.advance(1_000)
    give(true)
    t.match(inFlight.result(), { damaged: true }, 'a result of either picture')
  })

  t.test('ignores status frames', async t => {
    const { given, offer, inFlight } = play()
    offer('waiting')
    t.same(given, [])
    t.notOk(inFlight.isPending)
  })

  t.test('calls back when a result becomes due', async t => {
    const { offer, out, dues, inFlight } = play()
    offer()
    offer()
    t.equal(dues(), 1)
    out()
    t.equal(dues(), 2)
    t.ok(inFlight.isPending)
    out()
    t.notOk(inFlight.isPending)
  })

  t.test('gives up on a picture without a result, and never makes an old picture look new', async t => {
    const { clock, given, offer, out } = play()
    offer()
    offer()
    clock.advance(1_000)
    t.same(given, [1, 2])
    offer()
    t.equal(out(), 1, 'it may be made from the first')
    t.same(given, [1, 2], 'or from the second')
    clock.advance(1_000)
    t.same(given, [1, 2, 3])
    t.equal(out() * 10, 30 + 1_000, 'its source is certain again')
  })

  t.test('accepts a result that was only late', async t => {
    const { clock, given, offer, out } = play()
    offer()
    offer()
    clock.advance(1_000)
    offer()
    t.equal(out(), 1)
    t.equal(out(), 2)
    t.same(given, [1, 2, 3])
    t.equal(out() * 10, 30 + 1_000)
  })

  t.test('gives nothing to an encoding that does not read', async t => {
    const { clock, given, encoding, offer } = play()
    offer()
    encoding.full = true
    offer()
    clock.advance(5_000)
    t.same(given, [1])
    encoding.full = false
    clock.advance(1_000)
    t.same(given, [1, 2])
  })

  t.test('leaves no timer behind', async t => {
    const { clock, inFlight, offer, out } = play()
    offer()
    out()
    t.equal(clock.pending, 0)
    offer()
    inFlight.stop()
    t.equal(clock.pending, 0)
  })
})
