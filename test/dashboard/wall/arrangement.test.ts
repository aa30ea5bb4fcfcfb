import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { Arrangement } from '../../../src/dashboard/wall/arrangement.js'

const ids = ['1', '2', '3', '4']

t.test('an arrangement', async t => {
  t.test('moves a camera to the place of another, and is there again after a reload', async t => {
    let saved: unknown = null
    const arrangement = new Arrangement(saved, (arranged: unknown) => { saved = arranged })
    t.same(arrangement.sort(ids), ids)
    arrangement.move(ids, '4', '2')
    t.same(arrangement.sort(ids), ['1', '4', '2', '3'])
    arrangement.move(arrangement.sort(ids), '1', '3')
    t.same(arrangement.sort(ids), ['4', '2', '3', '1'])
    arrangement.move(arrangement.sort(ids), '4', undefined)
    arrangement.enlarge('2', true)
    arrangement.columns = 3
    const again = new Arrangement(JSON.parse(JSON.stringify(saved)), () => {})
    t.same([again.sort(ids), again.span('2'), again.span('1'), again.columns], [['4', '2', '3', '1'], 2, 1, 3])
    t.same(again.sort(['5', ...ids]), ['4', '2', '3', '1', '5'], 'a new camera is the last')
    t.same(again.sort(['1', '2']), ['2', '1'], 'one that is gone leaves no gap')
    arrangement.enlarge('2', false)
    t.equal(arrangement.span('2'), 1)
  })

  t.test('ignores what it did not save itself', async t => {
    for (const saved of [undefined, 7, 'x', [], { order: 'abc', large: [1, null], columns: 'many' }, { order: [{}], columns: 1e9 }]) {
      const arrangement = new Arrangement(saved, () => {})
      t.same(arrangement.sort(ids), ids)
      t.equal(arrangement.span('1'), 1)
      t.ok(arrangement.columns === null || arrangement.columns <= 16)
    }
  })
})
