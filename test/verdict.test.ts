import t from 'tap'
// @ts-ignore: plain JavaScript, like the reporter that uses it
import { Verdict } from './verdict.mjs'

t.test('the last lines of a run', async t => {
  t.test('are one if nothing failed', async t => {
    const verdict = new Verdict()
    verdict.passed = 3
    t.same(verdict.lines(), ['3 passed, 0 failed'])
  })

  t.test('name the files that failed, each with its assertions, above the total', async t => {
    const verdict = new Verdict()
    verdict.passed = 7
    verdict.skipped = 2
    verdict.fail('test/a.test.ts', 'a hub > is quick')
    verdict.fail('test/b.test.ts', 'two\nlines')
    verdict.fail('test/a.test.ts', 'a hub > is small')
    verdict.failFile('test/a.test.ts')
    verdict.failFile('test/dead.test.ts')
    t.same(verdict.lines(), [
      'FAILED test/a.test.ts', '  a hub > is quick', '  a hub > is small',
      'FAILED test/b.test.ts', '  two lines',
      'FAILED test/dead.test.ts', '  the file did not end well',
      '2 skipped, for the reasons above', '7 passed, 4 failed'
    ])
  })

  t.test('stay few', async t => {
    const verdict = new Verdict()
    for (let i = 0; i < 30; i++) verdict.fail('test/a.test.ts', `${i}`)
    t.same(verdict.lines().slice(-3), ['  19', '  and 10 more', '0 passed, 30 failed'])
  })
})
