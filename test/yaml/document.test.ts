/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import t from 'tap'
import { readDocument } from '../../src/yaml/document.js'
import type { Value } from '../../src/yaml/value.js'
import type { At, Diagnostic } from '../../src/yaml/diagnostic.js'
import { parcels } from './fixtures/vocabulary.js'

const read = (text: string) => {
  const mistakes: Diagnostic[] = []
  const warnings: Diagnostic[] = []
  const into = (list: Diagnostic[]) => (at: At, message: string) => { list.push({ ...at, message }) }
  const surroundings = { env: { S: 'hunter2' }, readFile: () => '' }
  const value = readDocument(text, { vocabulary: parcels, surroundings, report: into(mistakes), warn: into(warnings) })
  return { value, mistakes, warnings, plain: plain(value) }
}
const plain = (value: Value | undefined): unknown => {
  if (value?.kind === 'map') return [...value.entries].map(([key, entry]) => [key, plain(entry.value)])
  return value?.kind === 'scalar' ? value.text : value?.kind
}

t.test('a document', async t => {
  t.test('keeps the order, positions, and the spelling of scalars', async t => {
    const { value, plain } = read('10: 0123\n2:\n  b: 1.0\n  true: ~\n')
    t.same(plain, [['10', '0123'], ['2', [['b', '1.0'], ['true', '~']]]])
    t.match(value, { kind: 'map', at: { line: 1, column: 1 } })
    t.match(value?.kind === 'map' && value.entries.get('2'), { at: { line: 2, column: 1 }, value: { at: { line: 3, column: 3 } } })
  })
  t.test('has the same positions with CRLF', async t => {
    t.match(read('a: 1\r\nb:\r\n  - x\r\nb: 2\r\n').mistakes, [{ line: 4, column: 1, message: /"b" is given twice; first in line 2/ }])
  })
  t.test('marks values of ${…}', async t => {
    const { value } = read('a: x${S}\nb: ${NOPE}\n')
    t.match(value?.kind === 'map' && value.entries.get('a')?.value, { text: 'xhunter2', written: 'x${S}', broken: false })
    t.match(value?.kind === 'map' && value.entries.get('b')?.value, { broken: true })
  })
  t.test('follows aliases and merge keys; a map\'s own keys take precedence', async t => {
    t.same(read('a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: { y: 4, <<: [*a, { z: 5 }] }\nd: *a\n').plain, [
      ['a', [['x', '1'], ['y', '2']]],
      ['b', [['y', '3'], ['x', '1']]],
      ['c', [['y', '4'], ['x', '1'], ['z', '5']]],
      ['d', [['x', '1'], ['y', '2']]]
    ])
    t.match(read('a: 1\n<<: 3\nb: *nope\n').mistakes, [{ line: 3, message: /alias/ }, { line: 2, message: /expected a map after <</ }])
  })
  t.test('resolves an alias to the last anchor of its name before it', async t => {
    t.same(read('a: &x 1\nb: *x\nc: &x 2\nd: *x\n').plain, [['a', '1'], ['b', '1'], ['c', '2'], ['d', '2']])
  })
  t.test('refuses aliases and nesting without end', async t => {
    const names = 'abcdefghij'.split('')
    const bomb = names.map((name, i) => `${name}: &${name} {${names.map(key => `${key}: ${i ? `*${names[i - 1]}` : 1}`).join(', ')}}\n`).join('')
    for (const text of [bomb, 'a: &a { b: *a }\n', `a: ${'['.repeat(1e5)}`, `${'- '.repeat(2000)}\n`.repeat(3), `a: ${'{a: '.repeat(30)}1${'}'.repeat(30)}`]) {
      t.match(read(text).mistakes[0], { message: /too (deeply|many)/ }, text.slice(0, 20))
      t.equal(read(text).value, undefined)
    }
  })
  t.test('warns about a value that a # cuts short, in keys of free text', async t => {
    t.match(read('to: a #b\n').warnings, [{ line: 1, column: 5, message: /^to: a # after a space begins a comment/ }])
    t.same(read('weight: 3 #b\n').warnings, [])
  })
  t.test('explains mistakes in the YAML, one for each line, without quoting it', async t => {
    const cases: Array<[string, number, RegExp]> = [
      ['a:\n\tb: 1\n', 2, /a tab/],
      ['password: @hunter2\n', 1, /'quotes'/],
      ['password: *hunter2\n', 1, /'quotes'/],
      ['password: !hunter2 x\n', 1, /file:/],
      ['password: hunter2: x\n', 1, /': '|": "/],
      ['password: "hunter2\n', 2, /closing quote/],
      ['a: { password: ${hunter2} }\n', 1, /\$\{…\} needs/],
      ['a: 1\nhunter2\n', 2, /missing/],
      ['a: 1\n--- # hunter2\nb: 1\n', 2, /second document/],
      ['? [hunter2]\n: 1\n', 1, /expected a key/]
    ]
    for (const [text, line, message] of cases) {
      const { mistakes } = read(text)
      t.match(mistakes, [{ line, message }], text)
      t.equal(mistakes.length, 1, text)
      t.notMatch(JSON.stringify(mistakes), 'hunter2')
    }
  })
  t.test('is undefined when the text is empty', async t => {
    for (const text of ['', '\n', '# only a comment\n', '---\n']) t.match(read(text), { plain: text === '---\n' ? '' : undefined, mistakes: [] })
  })
})
