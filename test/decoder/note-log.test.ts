import t from 'tap'
import { noteLog } from '../../src/decoder/note-log.js'

const play = () => {
  const lines: string[] = []
  return { lines, log: noteLog({ info: (...line: unknown[]) => { lines.push(String(line.at(-1))) } }) }
}

t.test('notes', async t => {
  t.test('are logged once each, however many processes have them', async t => {
    const { lines, log } = play()
    log(() => ['slow', 'plain'])()
    log(() => ['plain', 'small'])()
    t.same(lines, ['slow', 'plain', 'small'])
  })
  t.test('are not asked for before the first picture, and then with every hundredth', async t => {
    const { lines, log } = play()
    const asked: Array<string[] | undefined> = []
    let picture = 0
    const check = log(() => {
      const notes = picture > 1 ? ['late'] : undefined
      asked.push(notes)
      return notes
    })
    t.equal(asked.length, 0)
    for (picture = 1; picture <= 100; picture++) check()
    t.same([asked.length, lines], [1, []])
    check()
    t.same([asked.length, lines], [2, ['late']])
  })
})
