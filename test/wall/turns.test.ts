import t from 'tap'
import { nextTurn } from '../../src/wall/turns.js'

const tile = (name: string, priority = 0, servedAt = 10_000) => ({ name, priority, servedAt })

t.test('the next turn', async t => {
  t.test('is nobody\'s if nobody waits', async t => {
    t.equal(nextTurn([], 0), undefined)
  })
  t.test('is that of who has waited longest among those of the highest priority', async t => {
    t.match(nextTurn([tile('a'), tile('b', 1), tile('c', 1), tile('d')], 10_000), { name: 'b' })
    t.match(nextTurn([tile('a', -1), tile('b', 0)], 10_000), { name: 'b' })
  })
  t.test('is before that of who was sent nothing for a second, whatever the priority', async t => {
    t.match(nextTurn([tile('a', 5), tile('b', 0, 9_000), tile('c', 1, 9_000)], 9_999), { name: 'a' })
    t.match(nextTurn([tile('a', 5), tile('b', 0, 9_000), tile('c', 1, 9_000)], 10_000), { name: 'c' })
    t.match(nextTurn([tile('b', 0, -Infinity), tile('a', 5)], 0), { name: 'b' }, 'and was never sent anything')
  })
})
