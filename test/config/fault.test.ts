import t from 'tap'
import { ConfigError, quote } from '../../src/config/fault.js'

t.test('a ConfigError', async t => {
  t.test('lists its faults in the order of the file, each once', async t => {
    const error = new ConfigError('cameras.yaml', [
      { line: 3, column: 1, message: 'c' }, { line: 1, column: 9, message: 'b' },
      { line: 1, column: 2, message: 'a' }, { line: 3, column: 1, message: 'c' }
    ])
    t.equal(error.code, 'CONFIG')
    t.equal(error.message, 'cameras.yaml has 3 faults:\n  cameras.yaml:1:2: a\n  cameras.yaml:1:9: b\n  cameras.yaml:3:1: c')
    t.same(error.faults.map(fault => fault.message), ['a', 'b', 'c'])
    t.match(new ConfigError('x', [{ line: 1, column: 1, message: 'y' }]).message, /^x has a fault:\n/)
  })
  t.test('tells a hundred of them, and how many more there are', async t => {
    const error = new ConfigError('x', Array.from({ length: 250 }, (_, i) => ({ line: i + 1, column: 1, message: 'y' })))
    const lines = error.message.split('\n')
    t.same([lines[0], lines.length, lines.at(-2), lines.at(-1)], ['x has 250 faults:', 102, '  x:100:1: y', '  and 150 more, further down'])
    t.equal(error.faults.length, 250)
  })
  t.test('quotes text short and on one line', async t => {
    t.equal(quote('a\nb'), '"a\\nb"')
    t.equal(quote('a\u202eb\u009b\u2028'), '"a\\u202eb\\u009b\\u2028"', 'nothing that turns or hides what stands around it')
    t.equal(quote('x'.repeat(100)).length, 63)
  })
})
