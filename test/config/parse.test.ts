/* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { parseRegistry } from '../../src/config/parse.js'
import { mistakesIn, parse } from './fixtures/read.js'

t.test('parseRegistry', async t => {
  t.test("keeps the file's order of cameras and freezes everything", async t => {
    const registry = parse('server: { port: 80 }\ncameras:\n  10: { source: rtsp://a }\n  2: { source: rtsp://b }\n  x: { source: rtsp://c }\n')
    t.same(registry.cameras.map(({ id }) => id), ['10', '2', 'x'])
    t.same(registry.server, { host: '127.0.0.1', port: 80, trustProxy: [], hosts: [], origins: [], embed: [] })
    for (const part of [registry, registry.server, registry.cameras, registry.cameras[0], registry.cameras[0]?.source]) t.ok(Object.isFrozen(part))
  })
  t.test('reports every mistake in the file at once, in its order', async t => {
    const faults = mistakesIn('server: { prot: 1 }\ndefaults: { fps: no }\ncameras:\n  a: { source: rstp://x }\n  b: { fps: -1 }\n  a: { source: rtsp://x }\n')
    t.same(faults.map(fault => fault.split(':')[0]), ['1', '2', '4', '5', '5', '6'])
  })
  t.test('reads ${file:…} in the folder of the file', async t => {
    const asked: string[] = []
    const readFile = (path: string) => { asked.push(path); return 'p\n' }
    const text = "cameras: { 1: { source: rtsp://x, username: u, password: '${file:secret}' } }"
    t.match(parseRegistry(text, { file: '/etc/camgate/cameras.yaml', env: {}, readFile }).cameras, [{ credentials: { password: 'p' } }])
    t.same(asked, ['/etc/camgate/secret'])
  })
  t.test('resolves the files of TLS in the folder of the file', async t => {
    const server = (tls: string) => parseRegistry(`server: { tls: ${tls} }\ncameras: { 1: { source: rtsp://x } }`, { file: '/etc/camgate/cameras.yaml', env: {}, readFile: () => '' }).server.tls
    t.same(server('{ key: key.pem, cert: ../tls/cert.pem, redirectFrom: 80 }'), { key: '/etc/camgate/key.pem', cert: '/etc/tls/cert.pem', redirectFrom: 80 })
    t.equal(server('self-signed'), 'self-signed')
    t.same(mistakesIn('server: { tls: selfsigned }\ncameras: { 1: { source: rtsp://x } }'),
      ['1:16: server.tls: expected self-signed or a map such as { key: key.pem, cert: fullchain.pem }, received "selfsigned"; did you mean \'self-signed\'?'])
    t.same(mistakesIn('server: { tls: { key: k.pem } }\ncameras: { 1: { source: rtsp://x } }'), ['1:16: server.tls: cert is missing; expected text like tls/fullchain.pem'])
  })
  t.test('accepts a byte order mark and CRLF, but no file over 1 MiB', async t => {
    t.equal(parse('\uFEFFcameras:\r\n  1:\r\n    source: rtsp://x\r\n').cameras.length, 1)
    t.match(mistakesIn(`cameras: { 1: { source: rtsp://x } }\n#${'ä'.repeat(2 ** 19)}`), [/over 1 MiB/])
    for (const empty of ['', '# nothing\n', '\uFEFF']) t.match(mistakesIn(empty), [/^1:1: the file is empty; the shortest one is\n/])
  })
  t.test('keeps every password that YAML can express', async () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), password => {
      const written = { cameras: { a: { source: 'rtsp://cam', username: 'u', password: password.replaceAll('${', () => '$${') } } }
      assert.equal(parse(stringify(written)).cameras[0]?.credentials?.password, password)
      if (password === '') return // an empty variable is a mistake
      const fromEnv = "cameras: { a: { source: rtsp://cam, username: u, password: '${P}' } }"
      assert.equal(parse(fromEnv, { P: password }).cameras[0]?.credentials?.password, password)
    }), { numRuns: 300 })
  })
  t.test('throws nothing but ConfigError', async () => {
    const piece = fc.constantFrom('cameras:', 'defaults:', 'server:', ' ', '\n', '\n  ', '\n    ', '- ', '? ', ': ', '1: ', 'source: ',
      'rtsp://a:b@c/', 'type: simulated', 'fault: ', 'kind: ', '{', '}', '[', ']', ',', '"', "'", '&a ', '*a', '<<: ', '!x ', '#', '|', '>', '%', '\t',
      '${', '}', '${file:/x}', '\0', '\r', '---', '...', '__proto__: ', 'constructor: ', 'password: ', '~', '.nan', '😀')
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join(''))), text => {
      mistakesIn(text)
      mistakesIn(`cameras:\n  1:\n    source: ${text}`)
      mistakesIn(`cameras: ${text}`)
    }), { numRuns: 1500 })
  })
  t.test('returns a registry or reports mistakes with positions for every document, and quotes no secret', async () => {
    // Varied as YAML: each scalar plain or quoted, each collection in flow, with anchors, aliases, tags and repeated keys.
    const scalar = fc.oneof(
      fc.constantFrom('1', '20', '-1', '1e999', '.nan', 'true', '~', 'tcp', 'simulated', 'rtsp', 'h264', '!!binary x', '!!int y', '!t z', '*a', '*b', '|-', '${A}', '"\\u0000\\x07\\e"', '"\\ud800"', "'it''s'"),
      fc.string({ unit: 'binary', maxLength: 8 }).map(text => JSON.stringify(text))
    )
    const secret = fc.constantFrom('hunter2', '"hunter2"', '${B}', 'rtsp://a:hunter2@10.0.0.5/', 'rtsp://hunter2', 'http://hunter2', '"rtsp://x?pwd=hunter2 @"', "'rtsp://a:%ffhunter2@x'")
    const { node } = fc.letrec<{ node: string, map: string, list: string, entry: string }>(tie => ({
      node: fc.tuple(fc.constantFrom('', '', '', '&a ', '&b ', '!!map ', '!x '), fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, tie('map'), tie('map'), tie('list'))).map(parts => parts.join('')),
      entry: fc.oneof(
        fc.tuple(fc.constantFrom('server', 'defaults', 'cameras', '1', 'lab', 'source', 'type', 'codec', 'fault', 'kind', 'after', 'fps', 'port', 'width', 'name', '<<', '__proto__', 'constructor', '? 1', '*a '), tie('node')),
        fc.tuple(fc.constantFrom('username', 'password', 'source', 'url', 'pasword'), secret)
      ).map(([key, value]) => `${key}: ${value}`),
      map: fc.array(tie('entry'), { maxLength: 5 }).map(entries => `{${entries.join(', ')}}`),
      list: fc.array(tie('node'), { maxLength: 4 }).map(items => `[${items.join(', ')}]`)
    }))
    const document = fc.tuple(fc.array(node, { maxLength: 3 }), node).map(([cameras, rest]) =>
      `defaults: ${rest}\ncameras:\n${cameras.map((camera, i) => `  ${i}: ${camera}\n`).join('')}`)
    fc.assert(fc.property(document, text => {
      const faults = mistakesIn(text, { A: '5', B: 'hunter2' })
      const lines = text.split('\n').length
      for (const fault of faults) {
        const [, line, column] = /^(\d+):(\d+): ./.exec(fault) ?? []
        assert.ok(Number(line) >= 1 && Number(line) <= lines && Number(column) >= 1, fault)
        assert.ok(!fault.includes('hunter2'), fault)
      }
      if (faults.length === 0) assert.ok(parse(text, { A: '5', B: 'hunter2' }).cameras.length > 0)
    }), { numRuns: 1_000 })
  })
  t.test('ends in time, even with endless repetition', async t => {
    const pieces = [
      '[', '{', '[{a: ', '[\n', '- ', '-\t', '? ', ': ', '? - ', '- &a ', '&a [*a, ', '!x ', '&x ', '*x ', '{a: *x, ', 'a: 1\n', '<<: *a\n', '? [a]\n: 1\n', ': 1\n', '---\n', '...\n', '%x\n', '#\n',
      ',', '"', "''", '"\\x', '${', '$', '|', '>', '@', '\0', '\x07', '\r', '\t', ' \n', '\u2028', '\uFEFF', '\ud800', '😀', 'x', 'x\n '
    ]
    for (const piece of pieces) {
      for (const before of ['', 'a: ', 'a: &a {}\n', 'cameras: { 1: { source: ', '&x - ']) {
        const faults = mistakesIn(before + piece.repeat(4_000 / piece.length))
        if (faults.length === 0) t.fail(JSON.stringify([before, piece]))
      }
    }
    const full = 'cameras: { 1: { source: rtsp://x } }\n#'
    t.equal(parse(full.padEnd(2 ** 20, ' x')).cameras.length, 1, 'a file of just 1 MiB')
  })
})
