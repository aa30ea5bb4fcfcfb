/* eslint-disable no-template-curly-in-string -- ${…} is what is tested */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { literal, substitute } from '../../src/yaml/substitute.js'

const files: Record<string, string> = { '/run/secrets/a': 'from file\n', '/crlf': 'x\r\n', '/two': 'x\n\n', '/empty': '\n' }
const readFile = (path: string): string => {
  const text = files[path]
  if (text === undefined) throw Object.assign(new Error('no'), { code: path === '/folder' ? 'EISDIR' : path === '/locked' ? 'EACCES' : 'ENOENT' })
  return text
}
const run = (text: string, env: Record<string, string> = {}) => {
  const missing: string[] = []
  return { text: substitute(text, { env, readFile }, problem => missing.push(problem)), missing }
}

t.test('substitute', async t => {
  t.test('replaces by environment variables and files, one newline trimmed', async t => {
    t.same(run('a${B}c${B}', { B: '1' }), { text: 'a1c1', missing: [] })
    t.same(run('${file:/run/secrets/a}|${file: /crlf }|${file:/two}'), { text: 'from file|x|x\n', missing: [] })
  })
  t.test('leaves similar text unchanged; $${ is a literal ${', async t => {
    for (const text of ['$', '$B', '{B}', '$$', '}', '$ {B}']) t.same(run(text, { B: '1' }), { text, missing: [] })
    t.same(run('$${B}', { B: '1' }), { text: '${B}', missing: [] })
    t.same(run('$${a $${b ${B} $$${c}', { B: '1' }), { text: '${a ${b 1 $${c}', missing: [] })
  })
  t.test('reports missing values', async t => {
    t.match(run('${B}').missing, [/environment variable B is not set/])
    t.match(run('${file:/no}').missing, [/"\/no" \(ENOENT\)$/])
    t.match(run('${file:/folder}').missing, [/"\/folder" \(EISDIR\): it is a folder; Docker makes one/])
    t.match(run('${file:/locked}').missing, [/"\/locked" \(EACCES\): the user that camgate runs as/])
    for (const text of ['${', '${}', '${B:-hunter2}', '${1}']) {
      t.match(run(text).missing, [/\$\{/], text)
      t.notMatch(run(text).missing, [/hunter2/])
    }
  })
  t.test('reports an empty value too', async t => {
    t.same(run('a${EMPTY}', { EMPTY: '' }).missing, ['the environment variable EMPTY is empty; if an empty text is meant, write ""'])
    t.same(run('${file:/empty}').missing, ['the file "/empty" is empty; if an empty text is meant, write ""'])
  })
  t.test('returns an escaped text unchanged', async () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'B') }), text => {
      assert.deepEqual(run(literal(text), { B: '1' }), { text, missing: [] })
    }))
  })
  t.test('never scans a replacement again', async () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), secret => {
      for (const value of [secret, `\${${secret}}`, `$${secret}`, '$&$1']) {
        assert.deepEqual(run('<${B}>', { B: value }), { text: `<${value}>`, missing: [] })
      }
    }))
  })
})
