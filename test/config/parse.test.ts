/* eslint-disable no-template-curly-in-string -- ${…} is what people write in the file */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { parseRegistry } from '../../src/config/parse.js'
import { faultsOf, parse } from './fixtures/read.js'

t.test('parseRegistry', async t => {
  t.test("keeps the file's order of cameras and freezes everything", async t => {
    const registry = parse('server: { port: 80 }\ncameras:\n  10: { source: rtsp://a }\n  2: { source: rtsp://b }\n  x: { source: rtsp://c }\n')
    t.same(registry.cameras.map(({ id }) => id), ['10', '2', 'x'])
    t.same(registry.server, { host: '127.0.0.1', port: 80 })
    for (const part of [registry, registry.server, registry.cameras, registry.cameras[0], registry.cameras[0]?.source]) t.ok(Object.isFrozen(part))
  })
  t.test('reports every fault of the file at once, in its order', async t => {
    const faults = faultsOf('server: { prot: 1 }\ndefaults: { fps: no }\ncameras:\n  a: { source: rstp://x }\n  b: { fps: -1 }\n  a: { source: rtsp://x }\n')
    t.same(faults.map(fault => fault.split(':')[0]), ['1', '2', '4', '5', '5', '6'])
  })
  t.test('reads ${file:…} beside the file', async t => {
    const asked: string[] = []
    const readFile = (path: string) => { asked.push(path); return 'p\n' }
    const text = "cameras: { 1: { source: rtsp://x, username: u, password: '${file:secret}' } }"
    t.match(parseRegistry(text, { file: '/etc/camgate/cameras.yaml', env: {}, readFile }).cameras, [{ credentials: { password: 'p' } }])
    t.same(asked, ['/etc/camgate/secret'])
  })
  t.test('takes a byte order mark and CRLF, and no file over 1 MiB', async t => {
    t.equal(parse('\uFEFFcameras:\r\n  1:\r\n    source: rtsp://x\r\n').cameras.length, 1)
    t.match(faultsOf(`cameras: { 1: { source: rtsp://x } }\n#${'ä'.repeat(2 ** 19)}`), [/over 1 MiB/])
    for (const empty of ['', '# nothing\n', '\uFEFF']) t.match(faultsOf(empty), [/^1:1: the file is empty; the shortest one is\n/])
  })
  t.test('keeps every password that YAML can write', async () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), password => {
      const written = { cameras: { a: { source: 'rtsp://cam', username: 'u', password: password.replaceAll('${', '$${') } } }
      assert.equal(parse(stringify(written)).cameras[0]?.credentials?.password, password)
      const fromEnv = "cameras: { a: { source: rtsp://cam, username: u, password: '${P}' } }"
      assert.equal(parse(fromEnv, { P: password }).cameras[0]?.credentials?.password, password)
    }), { numRuns: 300 })
  })
  t.test('throws nothing but ConfigError, whatever it reads', async () => {
    const piece = fc.constantFrom('cameras:', 'defaults:', 'server:', ' ', '\n', '\n  ', '\n    ', '- ', '? ', ': ', '1: ', 'source: ',
      'rtsp://a:b@c/', 'type: simulated', 'fault: ', 'kind: ', '{', '}', '[', ']', ',', '"', "'", '&a ', '*a', '<<: ', '!x ', '#', '|', '>', '%', '\t',
      '${', '}', '${file:/x}', '\0', '\r', '---', '...', '__proto__: ', 'constructor: ', 'password: ', '~', '.nan', '😀')
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join(''))), text => {
      faultsOf(text)
      faultsOf(`cameras:\n  1:\n    source: ${text}`)
      faultsOf(`cameras: ${text}`)
    }), { numRuns: 1500 })
  })
})
