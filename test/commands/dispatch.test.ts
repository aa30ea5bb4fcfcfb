import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { dispatch } from '../../src/commands/dispatch.js'
import { table } from '../../src/commands/table.js'
import { packageRoot } from '../../src/package.js'
import { captured } from './streams.js'

const folder = t.testdir({
  'good.yaml': 'cameras: { 1: { source: { type: pattern } }, gate: { source: { type: pattern } } }',
  'bad.yaml': 'cameras:\n  1: { source: rtsp://127.0.0.1/, pasword: x5e5c }\n'
})
async function camgate (...args: string[]) {
  const io = captured()
  const { code, failed } = await dispatch(args, io)
  return { code, failed, stdout: io.printed(), stderr: io.complained() }
}

t.test('the command line', async t => {
  t.test('has one screen of help for all, and for each command', async t => {
    const { stdout } = await camgate('--help')
    for (const { name } of table) t.match(stdout, new RegExp(`^  ${name} +\\w`, 'm'))
    for (const args of [['-h'], ['help'], ['help', '--json']]) t.equal((await camgate(...args)).stdout, stdout)
    for (const { name, load } of table) {
      const { usage } = await load()
      t.match(usage, new RegExp(`^camgate \\[?${name}\\b`), name)
      t.match(usage, new RegExp(`\n\n  camgate (${name}|cameras\\.yaml)\\b[^\n]*\n(  .*\n)*$`), `${name} has an example`)
      t.ok(usage.split('\n').length <= 60, `${name} fits on a screen`)
      t.match(usage, /--json|JSON/, name)
      for (const args of [['help', name], [name, '--help'], [name, '-h', '--json']]) t.same(await camgate(...args), { code: undefined, failed: undefined, stdout: usage, stderr: '' }, args.join(' '))
    }
    t.match(await camgate('help', 'chek'), { code: 64, stderr: /did you mean camgate check\?/ })
  })
  t.test('is in docs/cli.md as it is printed', async t => {
    const docs = readFileSync(join(packageRoot, 'docs/cli.md'), 'utf8')
    for (const { name, load } of table) t.ok(docs.includes(`\n## ${name}\n\n\`\`\`text\n${(await load()).usage}\`\`\`\n`), `## ${name}, and below it the usage as text`)
    t.same([...docs.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading), table.map(({ name }) => name), 'in the order of the table')
  })
  t.test('suggests the command or option that was meant', async t => {
    for (const [typed, meant] of [['chek', 'check'], ['validate', 'check'], ['start', 'serve'], ['device', 'devices'], ['hlep', 'help']]) {
      t.match(await camgate(typed!), { code: 64, failed: true, stdout: '', stderr: `There is no command "${typed}"; did you mean camgate ${meant}?\n` })
    }
    t.match(await camgate('wibble'), { code: 64, stderr: /^There is no command "wibble"\.\n/ })
    for (const args of [['serve'], ['check'], []]) t.match(await camgate(...args, '--confg', '1'), { code: 64, stderr: 'There is no option --confg; did you mean --config?' })
    t.match(await camgate('version', 'x'), { code: 64, stderr: /'x'/ })
    t.match(await camgate('check', 'a.yaml', 'b.yaml'), { code: 64, stderr: /^There is one file, not several: a\.yaml b\.yaml/ })
  })
  t.test('answers in JSON on stdout, whether it succeeds or not', async t => {
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await camgate(...args, '--json')
      t.equal(stderr, '')
      return { code, data: JSON.parse(stdout) as unknown }
    }
    t.match(await json('version'), { code: undefined, data: { version: /^\d/, node: process.versions.node } })
    t.same(await json('--version'), await json('version'))
    const file = join(folder, 'good.yaml')
    t.same(await json('check', file), { code: undefined, data: { file, cameras: ['1', 'gate'], warnings: [] } })
    t.match(await json('check', join(folder, 'bad.yaml')), { code: 78, data: { error: { code: 'CONFIG', faults: [{ line: 2, column: 35, message: /password/ }] } } })
    t.match(await json('check', join(folder, 'none.yaml')), { code: 78, data: { error: { code: 'CONFIG', message: /^There is no file/ } } })
    t.match(await json('chek'), { code: 64, data: { error: { code: 'USAGE', message: /did you mean/ } } })
    t.same(await json('health', '--host', '127.0.0.1', '--port', '1'), { code: 1, data: { healthy: false, port: 1 } })
    t.match(await json('sign', '/camera/1', '--as', 'anna', '--config', file), { code: 78, data: { error: { code: 'CONFIG', message: /^There is no key to sign with/ } } })
    t.match(await json('password'), { code: 64, data: { error: { code: 'USAGE' } } })
  })
  t.test('prints completion, and ids for it', async t => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout } = await camgate('completion', shell)
      for (const { name } of table) t.ok(stdout.includes(name), `${shell} ${name}`)
      t.match(stdout, process.execPath)
    }
    t.same(await camgate('completion', '--ids', '-c', join(folder, 'good.yaml')), { code: undefined, failed: undefined, stdout: '1\ngate\n', stderr: '' })
    t.same(await camgate('completion', '--ids', '-c', join(folder, 'bad.yaml')), { code: undefined, failed: undefined, stdout: '1\n', stderr: '' }, 'a faulty file has ids, too')
    t.same(await camgate('completion', '--ids', '-c', join(folder, 'none.yaml')), { code: undefined, failed: undefined, stdout: '', stderr: '' }, 'a missing file is silent')
    for (const args of [[], ['tcsh'], ['bash', 'zsh'], ['constructor']]) t.match(await camgate('completion', ...args), { code: 64, stderr: /^For which shell\?/ })
  })
  t.test('leaves words after -- alone', async t => {
    t.match(await camgate('check', '--', '--help'), { code: 78, stdout: '', stderr: /There is no file .*--help/ })
    t.match(await camgate('check', '--', '--json'), { code: 78, stdout: '', stderr: /There is no file/ })
  })
  t.test('prints its help without a library that takes time to load', async t => {
    const seen = new Set<string>()
    const visit = (file: string): void => {
      if (seen.has(file)) return
      seen.add(file)
      if (!file.startsWith(packageRoot)) return
      const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export)(?! type\b)[^'"\n]*?\bfrom '([^']+)'/gm)
      for (const [, name] of imports) visit(name!.startsWith('.') ? join(dirname(file), name!.replace(/\.js$/, '.ts')) : name!)
    }
    visit(join(packageRoot, 'src/main.ts'))
    t.same([...seen].filter(name => !name.startsWith(packageRoot) && !name.startsWith('node:')), ['fastest-levenshtein'])
    t.ok(seen.has(join(packageRoot, 'src/commands/table.ts')))
    t.ok(seen.size < 25, `${seen.size} modules`)
  })
})
