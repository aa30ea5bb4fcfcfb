import t from 'tap'
import { PaintedReport } from '../../../src/view/engine/painted-report.js'
import type { Painted } from '../../../src/view/protocol.js'
import { FakeClock } from '../../fake-clock.js'

const picture = (id: number, seq: number): Painted => ({ id, kind: 'h264', seq, wall: 0, ageMs: 10, width: 960, height: 544, count: seq })

t.test('the first picture of a tile is told at once, later ones together', async t => {
  const clock = new FakeClock()
  const told: string[] = []
  const report = new PaintedReport(clock, pictures => told.push(pictures.map(({ id, seq }) => `${id}:${seq}`).join(' ')), () => {})
  report.add(picture(1, 1))
  t.same(told, ['1:1'])
  report.add(picture(1, 2))
  report.add(picture(1, 3))
  t.same(told, ['1:1'])
  clock.advance(50)
  t.same(told, ['1:1', '1:3'])
  report.add(picture(1, 4))
  report.add(picture(2, 1))
  t.same(told, ['1:1', '1:3', '1:4 2:1'])
  clock.advance(50)
  t.equal(told.length, 3, 'nothing is told twice')
  report.forget(2)
  report.add(picture(2, 1))
  t.same(told.at(-1), '2:1', 'the tile has been opened anew')
})
