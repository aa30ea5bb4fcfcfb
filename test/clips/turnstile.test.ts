import t from 'tap'
import { Turnstile } from '../../src/clips/turnstile.js'

t.test('a turnstile lets so many through at once, in order, also after a failure', async t => {
  const turnstile = new Turnstile(2)
  const entered: number[] = []
  const leave: Array<(error?: Error) => void> = []
  const passes = [0, 1, 2, 3].map(number => turnstile.pass(() => new Promise<number>((resolve, reject) => {
    entered.push(number)
    leave.push(error => error ? reject(error) : resolve(number))
  })))
  await Promise.resolve()
  t.same(entered, [0, 1])
  leave[0]!(new Error('no'))
  await t.rejects(passes[0]!, { message: 'no' })
  t.same(entered, [0, 1, 2])
  leave[2]!()
  t.equal(await passes[2], 2)
  t.same(entered, [0, 1, 2, 3])
  leave[1]!()
  leave[3]!()
  t.same(await Promise.all(passes.slice(1)), [1, 2, 3])
  t.equal(await turnstile.pass(async () => 'later'), 'later')
})
