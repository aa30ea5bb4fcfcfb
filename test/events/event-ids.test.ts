import t from 'tap'
import { EventIds } from '../../src/events/event-ids.js'

t.test('ids of events', async t => {
  const ids = new EventIds()
  t.test('are read by whoever made them', async t => {
    for (const number of [0, 1, 4_294_967_296, Number.MAX_SAFE_INTEGER]) t.equal(ids.numberIn(ids.of(number)), number)
    t.ok(new EventIds().numberIn(ids.of(1))! > 1e6, 'of another process they are of no event')
    for (const text of ['', '1', 'x'.repeat(32), `${ids.of(1)}0`, ids.of(1).toUpperCase().replace(/^./, 'A')]) t.equal(ids.numberIn(text), undefined, text)
  })

  t.test('tell nobody else how many events there were, of which cameras ever', async t => {
    const made = [...Array(200).fill(7), ...Array(200).keys()].map(number => ids.of(number))
    t.equal(new Set(made).size, made.length, 'not even whether there were any in between')
    t.equal(new Set(made.map(id => id.length)).size, 1)
    const [first, second] = [new Set(made.map(id => id.slice(0, 16))), new Set(made.map(id => id.slice(16)))]
    t.same([first.size, second.size], [made.length, made.length], 'no half of it is the number')
  })
})
