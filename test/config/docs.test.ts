import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError } from '../../src/yaml/diagnostic.js'
import { parseRegistry } from '../../src/config/parse.js'

const read = (file: string) => readFileSync(file, 'utf8')
const blocksOf = (text: string) => [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml]) => yaml!)
const parse = (text: string) => parseRegistry(text, { file: '/srv/cameras.yaml', env: { CAM1_PASSWORD: 'x' }, readFile: () => 'x' })

/** The string literals of a union type in the sources. */
const codesOf = (file: string, type: string) =>
  [...new RegExp(`^export type ${type} =([^/]*?)\\n\\n`, 'ms').exec(read(file))![1]!.matchAll(/'([^']+)'/g)].map(([, code]) => code!)

t.test('the docs', async t => {
  t.test('have three lines in the README that fit into the shipped cameras.yaml', async t => {
    const [lines = ''] = blocksOf(read('README.md'))
    t.equal(lines.split('\n').length, 4)
    const shipped = read('cameras.yaml')
    const start = shipped.indexOf('cameras:\n')
    const end = shipped.indexOf('  # And these')
    t.match(parse(shipped.slice(0, start) + lines + shipped.slice(end)).cameras, [{ id: '1', credentials: { username: 'admin' } }])
  })
  t.test('show faults as check prints them', async t => {
    const section = read('docs/configuration.md').split('\n## Faults\n')[1]!
    const [, shown = ''] = /prints\n\n.*\n```text\n(.*?)\n```/s.exec(section) ?? []
    try {
      parse(blocksOf(section)[0]!)
      t.fail('it has faults')
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      t.equal(shown, error.message)
    }
  })
  t.test('migrate to files without mistakes', async t => {
    const own = readdirSync('docs/migrating').flatMap(page => blocksOf(read(join('docs/migrating', page)))).filter(yaml => yaml.startsWith('cameras:'))
    t.equal(own.length, 3)
    for (const yaml of own) t.ok(parse(yaml).cameras.length > 0, yaml)
  })
  t.test('have a row for every failure of a camera', async t => {
    const failures = codesOf('src/failure/failure.ts', 'FailureCode')
    t.ok(failures.includes('auth') && failures.includes('exited'))
    const page = read('docs/why-is-it-black.md')
    t.same(failures.filter(code => !page.includes(`\n| \`${code}\` | <a id="${code}"></a>`)), [])
    t.same(failures.filter(code => !page.split('\n## ')[0]!.includes(`[\`${code}\`](#${code})`)), [], 'the tree leads to each')
  })
  t.test('name every code of camgate doctor', async t => {
    const sources = readdirSync('src/doctor').map(file => read(join('src/doctor', file))).join('\n')
    const codes = [...sources.matchAll(/finding\('\w+', (?:'\w+'|about|`[^`]*`), '([a-z-]+)'/g)].map(([, code]) => code!)
    t.ok(codes.length > 30)
    t.same([...new Set(codes)].filter(code => !read('docs/why-is-it-black.md').includes(`\`${code}\``)), [])
  })
})
