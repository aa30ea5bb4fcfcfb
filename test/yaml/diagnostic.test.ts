import t from 'tap'
import { ConfigError } from '../../src/yaml/diagnostic.js'

t.test('a ConfigError', async t => {
  t.test('lists its diagnostics in the order of the file, each once', async t => {
    const error = new ConfigError('cameras.yaml', [
      { line: 3, column: 1, message: 'c' }, { line: 1, column: 9, message: 'b' },
      { line: 1, column: 2, message: 'a' }, { line: 3, column: 1, message: 'c' }
    ])
    t.equal(error.code, 'CONFIG')
    t.equal(error.message, 'cameras.yaml has 3 faults:\n  cameras.yaml:1:2: a\n  cameras.yaml:1:9: b\n  cameras.yaml:3:1: c')
    t.same(error.diagnostics.map(({ message }) => message), ['a', 'b', 'c'])
    t.match(new ConfigError('x', [{ line: 1, column: 1, message: 'y' }]).message, /^x has a fault:\n/)
  })
  t.test('lists a hundred, and counts the others', async t => {
    const error = new ConfigError('x', Array.from({ length: 250 }, (_, i) => ({ line: i + 1, column: 1, message: 'y' })))
    const lines = error.message.split('\n')
    t.same([lines[0], lines.length, lines.at(-2), lines.at(-1)], ['x has 250 faults:', 102, '  x:100:1: y', '  and 150 more, further down'])
    t.equal(error.diagnostics.length, 250)
  })
})
