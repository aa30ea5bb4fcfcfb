import t from 'tap'
import { parseOptions } from '../../src/cli/options.js'

const parse = (...args: string[]) => parseOptions(args, { config: { type: 'string', short: 'c' }, port: { type: 'string' }, tls: { type: 'boolean' } }, 'USAGE TEXT')

t.test('parseOptions', async t => {
  t.test('returns options by long and short names, and positional arguments', async t => {
    t.match(parse('-c', 'a.yaml', 'x', '--port=1', '--tls'), { values: { config: 'a.yaml', port: '1', tls: true }, positionals: ['x'] })
    t.match(parse('--', '--prot'), { positionals: ['--prot'] })
  })
  t.test('suggests the option that was meant', async t => {
    t.throws(() => parse('--prot', '1'), { code: 'USAGE', message: 'There is no option --prot; did you mean --port?\n\nUSAGE TEXT' })
    t.throws(() => parse('--conf=x'), { message: /^There is no option --conf; did you mean --config\?/ })
    for (const far of ['--verbose', '-x']) t.throws(() => parse(far), { message: `There is no option ${far}.\n\nUSAGE TEXT` })
  })
  t.test('reports a missing or unwanted value', async t => {
    t.throws(() => parse('--port'), { code: 'USAGE', message: /--port.*argument missing\n\nUSAGE TEXT$/s })
    t.throws(() => parse('--tls=1'), { code: 'USAGE', message: /--tls/ })
  })
})
