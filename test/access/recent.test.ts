import t from 'tap'
import { Recent } from '../../src/access/recent.js'

t.test('a bounded map', async t => {
  t.test('keeps what is used, and forgets what is not', async t => {
    const recent = new Recent<number>(4)
    for (const [key, value] of [['a', 1], ['b', 2], ['c', 3]] as const) recent.set(key, value)
    t.equal(recent.get('a'), 1)
    recent.set('d', 4)
    t.equal(recent.get('b'), undefined, 'c and d have come since, and a was used')
    t.same(['a', 'c', 'd'].map(key => recent.get(key)), [1, 3, 4])
  })

  t.test('never holds more than it may', async t => {
    const recent = new Recent<number>(10)
    for (let i = 0; i < 1_000; i++) {
      recent.set(`${i}`, i)
      recent.get(`${i - 7}`)
      if (recent.size > 10) t.fail(`${recent.size} entries`)
    }
    t.equal(recent.get('999'), 999)
  })

  t.test('has one value for each key', async t => {
    const recent = new Recent<number>(4)
    for (const key of ['a', 'b', 'c']) recent.set(key, 1)
    recent.set('a', 2)
    t.equal(recent.get('a'), 2)
    t.equal(recent.size, 3)
    recent.delete('a')
    t.equal(recent.get('a'), undefined)
    t.equal(recent.size, 2)
  })
})
