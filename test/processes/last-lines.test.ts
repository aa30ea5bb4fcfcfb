import fc from 'fast-check'
import t from 'tap'
import { LastLines } from '../../src/processes/last-lines.js'

const linesOf = (...pieces: string[]) => {
  const lines = new LastLines()
  for (const piece of pieces) lines.push(piece)
  return lines.all
}

t.test('the last lines', async t => {
  t.test('are the same however the text is cut', async t => {
    fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\r') })), pieces => {
      t.same(linesOf(...pieces), linesOf(pieces.join('')))
    }), { numRuns: 200 })
    t.same(linesOf('one\ntw', 'o\r\nthr', 'ee\rfo'), ['one', 'two', 'three'])
  })
  t.test('are the last 60, each of 2000 characters at most and with whole words only', async t => {
    const many = linesOf(...Array.from({ length: 100 }, (_, i) => `line ${i}\n`))
    t.same([many.length, many[0], many.at(-1)], [60, 'line 40', 'line 99'])
    t.same(linesOf(...Array<string>(100).fill(`${'x'.repeat(998)} `), '\nend\n').map(({ length }) => length), [1998, 3])
    t.same(linesOf('x'.repeat(3_000), '\nend\n'), ['end'])
  })
  t.test('are transformed before they are stored', async t => {
    const lines = new LastLines(line => line.toUpperCase())
    lines.push('one\ntwo')
    t.same(lines.all, ['ONE'])
  })
})
