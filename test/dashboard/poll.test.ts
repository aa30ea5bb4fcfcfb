import t from 'tap'
// @ts-ignore: the page is plain JavaScript; test/dashboard/tsconfig.json checks its types
import { Poll } from '../../src/dashboard/poll.js'
import { settled, StillClock } from './still-clock.js'

type Answer = { value: string } | { error: Error }

function polling () {
  const clock = new StillClock()
  const asked: { answer: (value: string) => void, refuse: (error: Error) => void, signal: AbortSignal }[] = []
  const heard: string[] = []
  const poll = new Poll<string>((signal: AbortSignal) => new Promise<string>((resolve, reject) => {
    asked.push({ answer: resolve, refuse: reject, signal })
    signal.addEventListener('abort', () => reject(signal.reason))
  }), (answer: Answer) => heard.push('value' in answer ? answer.value : `error: ${answer.error.message}`), {}, clock)
  return { poll, clock, asked, heard }
}

t.test('a poll', async t => {
  t.test('asks again a second after each answer, and not before it', async t => {
    const { poll, clock, asked, heard } = polling()
    poll.now()
    await clock.pass(3_000)
    t.equal(asked.length, 1)
    asked[0]?.answer('first')
    await clock.pass(999)
    t.equal(asked.length, 1)
    await clock.pass(1)
    t.equal(asked.length, 2)
    t.same(heard, ['first'])
  })

  t.test('continues after an answer that failed and after one that never came', async t => {
    const { poll, clock, asked, heard } = polling()
    poll.now()
    asked[0]?.refuse(new Error('gone'))
    await clock.pass(1_000 + 4_000 + 1_000)
    asked[2]?.answer('back')
    await settled()
    t.same(heard, ['error: gone', 'error: it took too long to answer', 'back'])
  })

  t.test('drops an answer that is older than the last change', async t => {
    const { poll, asked, heard } = polling()
    poll.now()
    let known = false
    poll.now().then(() => { known = true })
    asked[0]?.answer('old')
    await settled()
    t.same([heard, known, asked[0]?.signal.aborted], [[], false, true])
    asked[1]?.answer('new')
    await settled()
    t.same([heard, known], [['new'], true])
  })

  t.test('asks nothing once stopped', async t => {
    const { poll, clock, asked, heard } = polling()
    poll.now()
    poll.stop()
    await clock.pass(60_000)
    t.same([asked.length, heard], [1, []])
  })
})
