import t from 'tap'
import { withProgress } from '../../src/cli/progress.js'
import { captured } from '../commands/streams.js'
import { FakeClock } from '../fake-clock.js'

const onTerminal = (isTTY: boolean, columns = 80) => {
  const io = captured()
  return { ...io, stderr: Object.assign(io.stderr, { isTTY, columns }) }
}

t.test('progress', async t => {
  t.test('is shown after a second on a terminal, and gone at the end', async t => {
    const clock = new FakeClock()
    const io = onTerminal(true)
    const answer = await withProgress(io, 'Asking 192.168.1.20', async say => {
      clock.advance(999)
      t.equal(io.complained(), '')
      say('Reading pictures')
      clock.advance(1)
      t.equal(io.complained(), '\r\u001B[KReading pictures …')
      say('Measuring')
      return 'done'
    }, clock)
    t.equal(answer, 'done')
    t.equal(io.complained(), '\r\u001B[KReading pictures …\r\u001B[KMeasuring …\r\u001B[K')
  })
  t.test('is not shown for short work, nor where nobody sees it', async t => {
    const clock = new FakeClock()
    const short = onTerminal(true)
    await withProgress(short, 'x', async () => {}, clock)
    clock.advance(5_000)
    t.equal(short.complained(), '')
    const file = onTerminal(false)
    await withProgress(file, 'x', async () => { clock.advance(5_000) }, clock)
    t.equal(file.complained(), '')
  })
  t.test('stays in one line, and ends with work that fails', async t => {
    const clock = new FakeClock()
    const io = onTerminal(true, 10)
    await t.rejects(withProgress(io, 'a long address', async () => {
      clock.advance(2_000)
      throw new Error('no')
    }, clock), { message: 'no' })
    t.equal(io.complained(), '\r\u001B[Ka long ad\r\u001B[K')
    t.equal(clock.pending, 0)
  })
})
