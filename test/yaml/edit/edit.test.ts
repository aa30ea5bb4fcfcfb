/* eslint-disable no-template-curly-in-string -- users write ${…} in the file */
import fc from 'fast-check'
import t from 'tap'
import { editText, readEdited, readWritten } from '../../../src/yaml/edit/edit.js'
import { CannotEdit } from '../../../src/yaml/edit/nodes.js'
import { plainOf, type PlainMap } from '../../../src/yaml/edit/plain.js'
import { parcels } from '../fixtures/vocabulary.js'

const read = (text: string) => plainOf(readWritten(text, parcels)) as PlainMap

/** Merges a patch into the parcels, as RFC 7396 has it, and edits the text so. */
function edit (text: string, patch: PlainMap): string {
  const before = read(text)
  const after = { ...before, parcels: merged(before.parcels as PlainMap, patch) }
  const edited = editText(text, before, after, 'to')
  readEdited(edited, after, parcels)
  return edited
}
function merged (map: PlainMap, patch: PlainMap): PlainMap {
  const entries = new Map(Object.entries(map))
  for (const [key, value] of Object.entries(patch)) {
    const old = entries.get(key)
    if (value === null) entries.delete(key)
    else if (typeof value !== 'object' || Array.isArray(value)) entries.set(key, value)
    else entries.set(key, merged(typeof old === 'string' ? { to: old } : (old ?? {}) as PlainMap, value))
  }
  return Object.fromEntries(entries)
}

const beautiful = `# All our parcels
server: {   port: 5000 }   # odd spaces stay

x-far: &far { weight: 5 , by: ship }
parcels:
  # The first is about all of them.
  one:   # Anna's
    to:   'Leeds'      # not London
    pin: \${PIN}

    labels: { a: {w: 1}, 'b':   { w: 2 } }
    # the end of one

  # The second
  two: Boston   # short
  three:
    <<: *far
    to: "York"

# afterwards
other: 1
`

t.test('editing a text', async t => {
  t.test('changes a value and keeps its quotes, its comment and every other line', async t => {
    t.equal(edit(beautiful, { one: { to: 'Hull' } }), beautiful.replace("'Leeds'", "'Hull'"))
    t.equal(edit(beautiful, { three: { to: 'a"b' } }), beautiful.replace('"York"', '"a\\"b"'))
    t.equal(edit(beautiful, { one: { pin: 'x # y' } }), beautiful.replace('${PIN}', '"x # y"'))
  })
  t.test('changes nothing if nothing is different', async t => {
    t.equal(edit(beautiful, {}), beautiful)
  })
  t.test('adds keys after the last', async t => {
    t.equal(edit(beautiful, { one: { weight: 3, box: { h: 1 } } }), beautiful.replace('2 } }\n', '2 } }\n    weight: 3\n    box: { h: 1 }\n'))
  })
  t.test('takes keys away', async t => {
    t.equal(edit(beautiful, { one: { pin: null } }), beautiful.replace('    pin: ${PIN}\n', ''))
    t.equal(edit(beautiful, { one: { labels: null } }), beautiful.replace("    labels: { a: {w: 1}, 'b':   { w: 2 } }\n", ''))
  })
  t.test('changes what stands in braces', async t => {
    t.equal(edit(beautiful, { one: { labels: { a: null } } }), beautiful.replace('a: {w: 1}, ', ''))
    t.equal(edit(beautiful, { one: { labels: { b: null } } }), beautiful.replace(", 'b':   { w: 2 }", ''))
    t.equal(edit(beautiful, { one: { labels: { a: { w: 9 }, c: { w: 3 } } } }), beautiful.replace('{w: 1}', '{w: 9}').replace('{ w: 2 }', '{ w: 2 }, c: { w: 3 }'))
  })
  t.test('makes a map of a short form, and keeps its comment', async t => {
    t.equal(edit(beautiful, { two: { weight: 1 } }), beautiful.replace('two: Boston   # short\n', 'two:\n    to: Boston   # short\n    weight: 1\n'))
    t.equal(edit(beautiful, { two: { to: 'Bath', weight: 1 } }), beautiful.replace('two: Boston   # short\n', 'two:\n    to: Bath   # short\n    weight: 1\n'))
    t.equal(edit('parcels: { two: "Boston" }', { two: { to: 'Bath', weight: 1 } }), 'parcels: { two: { to: "Bath", weight: 1 } }')
  })
  t.test('writes beside what an anchor gives', async t => {
    t.equal(edit(beautiful, { three: { weight: 6 } }), beautiful.replace('to: "York"\n', 'to: "York"\n    weight: 6\n'))
    const alias = 'parcels:\n  one: &one\n    to: Leeds\n  two: *one # same\n'
    t.equal(edit(alias, { two: { to: 'York' } }), 'parcels:\n  one: &one\n    to: Leeds\n  two:\n    <<: *one # same\n    to: York\n')
    t.equal(edit('parcels: { one: &one { to: Leeds }, two: *one }', { two: { weight: 1 } }), 'parcels: { one: &one { to: Leeds }, two: { <<: *one, weight: 1 } }')
  })
  t.test('refuses what would change others', async t => {
    t.throws(() => edit(beautiful, { three: { by: null } }), CannotEdit)
    const anchored = 'parcels:\n  one: &one\n    to: Leeds\n  two:\n    <<: *one\n    pin: 7\n'
    t.throws(() => edit(anchored, { one: { to: 'York' } }), CannotEdit)
    t.throws(() => edit(anchored, { one: null }), CannotEdit)
    t.throws(() => edit('parcels:\n  one: { to: &town Leeds }\n  two: { to: *town }\n', { one: { to: 'York' } }), CannotEdit)
  })
  t.test('adds an item where the others are, apart like them', async t => {
    t.equal(edit(beautiful, { four: { to: 'Hull', labels: { a: { w: 1 } } } }), beautiful.replace('to: "York"\n', 'to: "York"\n  four:\n    to: Hull\n    labels: { a: { w: 1 } }\n'))
    t.equal(edit('parcels:\n    1: Leeds\n\n    2: York\n      # about 2\nother: 1', { 3: 'Hull' }), 'parcels:\n    1: Leeds\n\n    2: York\n      # about 2\n\n    3: Hull\nother: 1')
    t.equal(edit('parcels:\n  1: Leeds', { 2: { to: 'York' } }), 'parcels:\n  1: Leeds\n  2:\n    to: York')
    t.equal(edit('{"parcels": {"1": {"to": "Leeds"}}}', { 2: { to: 'York', weight: 1 } }), '{"parcels": {"1": {"to": "Leeds"}, "2": {"to":"York","weight":1}}}')
    t.equal(edit('parcels: {\n  1: Leeds,\n  2: York,\n}\n', { 3: 'Hull' }), 'parcels: {\n  1: Leeds,\n  2: York,\n  3: Hull,\n}\n')
  })
  t.test('takes an item away with the comment above it', async t => {
    t.equal(edit(beautiful, { two: null }), beautiful.replace('  # The second\n  two: Boston   # short\n', ''))
    t.equal(edit('parcels:\n  1: Leeds\n\n  # two\n  2:\n    to: York\n    # end\n\n  3: Hull\n', { 2: null }), 'parcels:\n  1: Leeds\n\n  3: Hull\n')
    t.equal(edit('parcels:\n  # all\n  1: Leeds\n  2: York\n', { 1: null }), 'parcels:\n  # all\n  2: York\n')
  })
  t.test('keeps line ends and the byte order mark', async t => {
    t.equal(edit('\uFEFFparcels:\r\n  1: Leeds # c\r\n', { 1: { weight: 2 }, 2: 'York' }), '\uFEFFparcels:\r\n  1:\r\n    to: Leeds # c\r\n    weight: 2\r\n  2: York\r\n')
  })
  t.test('replaces long forms by short ones', async t => {
    t.equal(edit('parcels:\n  1:\n    to:\n      town: Leeds\n      road: High\n    weight: 1\n', { 1: { to: 'York' } }), 'parcels:\n  1:\n    to: York\n    weight: 1\n')
    t.equal(edit('parcels:\n  1:\n    to: |\n      Leeds\n      West\n    weight: 1\n', { 1: { to: 'York' } }), 'parcels:\n  1:\n    to: York\n    weight: 1\n')
    t.equal(edit('parcels:\n  1:\n    to:\n    weight: 1\n', { 1: { to: 'York' } }), 'parcels:\n  1:\n    to: York\n    weight: 1\n')
  })
  t.test('spells text so that it stays what it is', async t => {
    for (const text of ['7', 'true', 'null', '~', '', ' x ', 'a: b', 'a #b', '- x', '*a', '&a', '!x', '“x”', 'x\ny', '"', "'", '{a}', '\u0007', '🦊', '<<', '---', '=', '@x', '`x', '%x', '|', '>']) {
      const after = edit('parcels:\n  1:\n    to: a\n  2: { to: b }\n', { 1: { to: text, more: text }, 2: { to: text } })
      t.same(read(after), { parcels: { 1: { to: text, more: text }, 2: { to: text } } }, JSON.stringify(text))
    }
  })
})

t.test('whatever a file looks like, an edit of one item changes no line of another', async () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9 #:'"-]{0,8}$/).map(text => text.trim())
  const scalar = fc.oneof(word.map(text => JSON.stringify(text)), word.map(text => `'${text.replaceAll("'", "''")}'`), fc.integer().map(String), fc.constant('${A}'))
  const comment = fc.oneof(fc.constant(''), fc.constant('  # a comment'))
  const keys = fc.subarray(['to', 'pin', 'weight', 'note'], { minLength: 1 })
  const body = fc.oneof(
    fc.tuple(scalar, comment).map(([value, after]) => [` ${value}${after}`]),
    fc.tuple(keys, scalar, comment, fc.boolean()).map(([names, value, after, isBlank]) => [after, ...names.flatMap(name => [`    ${name}:   ${value}${after}`, ...isBlank ? [''] : []])]),
    fc.tuple(keys, scalar, comment).map(([names, value, after]) => [` { ${names.map(name => `${name}: ${value.startsWith('$') ? `"${value}"` : value}`).join(' , ')} }${after}`])
  )
  const file = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[A-Za-z0-9_]{1,5}$/), body, fc.boolean()), { minLength: 2, maxLength: 5, selector: ([id]) => id })
    .map(items => items.map(([id, [first, ...rest], above]) => ({ id, lines: [...above ? [`  # about ${id}`] : [], `  ${id}:${first}`, ...rest] })))
  const change = fc.record({ to: fc.oneof(fc.string(), fc.constant(null)), weight: fc.oneof(fc.integer(), fc.constant(null)), fresh: fc.string({ unit: 'binary' }) }, { requiredKeys: [] })
  fc.assert(fc.property(file, fc.nat(), change, fc.boolean(), (items, which, patch, removes) => {
    const text = ['# top', 'parcels:', ...items.flatMap(({ lines }) => lines), '# bottom', 'last: 1', ''].join('\n')
    const { id } = items[which % items.length]!
    const before = read(text)
    const old = (before.parcels as PlainMap)[id]!
    if (!removes && (typeof old !== 'object' || Object.keys(merged(old as PlainMap, patch as PlainMap)).length === 0) && !('to' in patch)) patch.to = 'x'
    if (!removes && patch.to === null && Object.keys(patch).every(key => patch[key as keyof typeof patch] === null)) patch.fresh = 'y'
    const after = edit(text, { [id]: removes ? null : patch as PlainMap })
    const rest = after.split('\n')
    for (const line of ['# top', 'parcels:', ...items.filter(item => item.id !== id).flatMap(({ lines }) => lines), '# bottom', 'last: 1']) {
      const at = rest.indexOf(line)
      if (at < 0) throw new Error(`lost ${JSON.stringify(line)} in\n${after}`)
      rest.splice(0, at + 1)
    }
  }), { numRuns: 1000 })
})
