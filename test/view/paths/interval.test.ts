import t from 'tap'
import { Interval } from '../../../src/view/paths/mse/interval.js'

const after = (...pictures: Array<[seq: number, wall: number]>) => {
  const interval = new Interval()
  for (const [seq, wall] of pictures) interval.add({ seq, wall })
  return interval.ms
}

t.test('the interval of a camera', async t => {
  t.test('is guessed before there are two pictures', async t => {
    t.equal(after(), 40)
    t.equal(after([7, 1e12]), 40)
  })
  t.test('is the mean of its pictures, however unevenly they arrived at camgate', async t => {
    t.equal(after([1, 1000], [2, 1090], [3, 1091], [4, 1150]), 50)
  })
  t.test('counts pictures that were skipped on the way', async t => {
    t.equal(after([1, 1000], [5, 1200], [6, 1250]), 50)
  })
  t.test('follows a camera that changes its rate', async t => {
    const pictures = Array.from({ length: 16 }, (_, index): [number, number] => [100 + index, 5000 + index * 100])
    t.equal(after([97, 4880], [98, 4920], [99, 4960], ...pictures), 100)
  })
  t.test('begins anew with another source, or when numbers wrap', async t => {
    t.equal(after([4294967294, 1000], [4294967295, 1040], [0, 1080], [1, 1180]), 100)
  })
  t.test('is never nonsense', async t => {
    t.equal(after([1, 1000], [2, 1000]), 40, 'two pictures at once')
    t.equal(after([1, 1000], [2, 500]), 40, 'a clock that was set back')
    t.equal(after([1, 1000], [2, 1060], [3, 90_000], [4, 90_050]), 50, 'a camera that was away')
  })
})
