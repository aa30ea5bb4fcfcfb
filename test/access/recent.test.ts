import t from 'tap'
import { Recent } from '../../src/access/recent.js'

t.test('a bounded map drops what was used longest ago', async t => {
  const recent = new Recent<number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  t.equal(recent.get('a'), 1)
  recent.set('c', 3)
  t.equal(recent.get('b'), undefined)
  t.equal(recent.get('a'), 1)
  t.equal(recent.get('c'), 3)
  recent.set('c', 4)
  t.equal(recent.get('a'), 1, 'a new value for an old key drops nothing')
  recent.delete('c')
  t.equal(recent.size, 1)
})
