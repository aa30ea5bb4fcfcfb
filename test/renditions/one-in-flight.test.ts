import t from 'tap'
import { OneInFlight } from '../../src/renditions/one-in-flight.js'
import type { Frame } from '../../src/frames/frame.js'
import { assembleFrame } from '../../src/multipart.js'
import { FakeClock } from '../fake-clock.js'
import { jpeg } from '../played.js'

function feed () {
  const clock = new FakeClock()
  const given: number[] = []
  const encoding = { give: ({ seq }: Frame) => { given.push(seq) }, full: false, stop () {} }
  let dues = 0
  const feeding = new OneInFlight(encoding, clock, () => { dues++ })
  let seq = 0
  /** One picture, 10 ms behind the last one. */
  const offer = (state?: string) => {
    clock.advance(10)
    return feeding.offer(assembleFrame({ pieces: [jpeg], length: jpeg.length, width: 64, height: 48 }, { seq: ++seq, at: clock.now(), wall: 0, ...state && { state } }))
  }
  /** A picture comes out: the number of the one that it is taken to be made of. */
  const out = () => {
    const { at } = feeding.came()
    feeding.goOn()
    return at / 10
  }
  const give = (damaged: boolean) => feeding.offer(assembleFrame({ pieces: [jpeg], length: jpeg.length, width: 64, height: 48 }, { seq: ++seq, at: clock.now(), wall: 0, damaged }))
  return { give, clock, given, encoding, feeding, offer, out, dues: () => dues }
}

t.test('a feeding', async t => {
  t.test('gives no more pictures than are wanted, and tells which nobody wants', async t => {
    const { given, feeding, offer, out } = feed()
    const left: number[] = []
    const show = (count: number) => {
      for (let i = 0; i < count; i++) {
        const before = given.length
        if (offer() === false) left.push(i)
        if (given.length > before) out()
      }
    }
    feeding.pace(10) // of 100
    show(35)
    t.same(given, [1, 11, 21, 31])
    t.equal(left.length, 31)
    feeding.pace(50)
    show(10)
    t.same(given.slice(4), [36, 37, 38, 40, 42, 44], 'at another rate from the next picture on')
    feeding.pace(Infinity)
    show(3)
    t.same(given.slice(-3), [46, 47, 48])
    feeding.pace(1)
    show(50)
    t.equal(given.at(-1), 48)
    t.ok(feeding.hurry())
    show(50)
    t.same(given.slice(-2), [48, 99], 'one for who has none')
    show(100)
    t.same(given.slice(-2), [99, 199], 'and then as before')
  })

  t.test('hurries for nobody while a picture is being made', async t => {
    const { given, feeding, offer, out } = feed()
    feeding.pace(1)
    offer()
    t.notOk(feeding.hurry())
    out()
    offer()
    t.same(given, [1])
  })

  t.test('has one picture made at a time, and then the newest', async t => {
    const { given, offer, out } = feed()
    offer()
    offer()
    offer()
    t.same(given, [1])
    t.equal(out(), 1)
    t.same(given, [1, 3])
    t.equal(out(), 3)
    t.same(given, [1, 3], 'nothing twice')
    offer()
    t.same(given, [1, 3, 4])
  })

  t.test('says that what comes out may be of a damaged one', async t => {
    const { feeding, clock, give } = feed()
    give(true)
    t.match(feeding.came(), { damaged: true })
    t.match(feeding.came(), { damaged: true }, 'another picture of it')
    feeding.goOn()
    give(false)
    clock.advance(1_000)
    give(true)
    t.match(feeding.came(), { damaged: true }, 'of one of two')
  })

  t.test('passes over status frames', async t => {
    const { given, offer, feeding } = feed()
    offer('waiting')
    t.same(given, [])
    t.notOk(feeding.owed)
  })

  t.test('says when a picture is due that was not', async t => {
    const { offer, out, dues, feeding } = feed()
    offer()
    offer()
    t.equal(dues(), 1)
    out()
    t.equal(dues(), 2)
    t.ok(feeding.owed)
    out()
    t.notOk(feeding.owed)
  })

  t.test('goes on behind a picture of which nothing comes, and never takes an old one for a new one', async t => {
    const { clock, given, offer, out } = feed()
    offer()
    offer()
    clock.advance(1_000)
    t.same(given, [1, 2])
    offer()
    t.equal(out(), 1, 'it may be of the first')
    t.same(given, [1, 2], 'which may be of the second, too')
    clock.advance(1_000)
    t.same(given, [1, 2, 3])
    t.equal(out() * 10, 30 + 1_000, 'there is no doubt any more')
  })

  t.test('does not take a picture for none that has only been late', async t => {
    const { clock, given, offer, out } = feed()
    offer()
    offer()
    clock.advance(1_000)
    offer()
    t.equal(out(), 1)
    t.equal(out(), 2)
    t.same(given, [1, 2, 3])
    t.equal(out() * 10, 30 + 1_000)
  })

  t.test('gives nothing to one that does not even read', async t => {
    const { clock, given, encoding, offer } = feed()
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
    const { clock, feeding, offer, out } = feed()
    offer()
    out()
    t.equal(clock.pending, 0)
    offer()
    feeding.stop()
    t.equal(clock.pending, 0)
  })
})
