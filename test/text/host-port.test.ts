import assert from 'node:assert/strict'
import { domainToUnicode } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import { readHostPort } from '../../src/text/host-port.js'
import { hostileHosts } from './hostile-hosts.js'

t.test('a host with its port', async t => {
  t.test('has one spelling', async t => {
    for (const [text, host, kind, port] of [
      ['localhost', 'localhost', 'name'], ['LocalHost.:5000', 'localhost', 'name', 5000], ['cams.example.org:', 'cams.example.org', 'name'], ['my_project-camgate-1', 'my_project-camgate-1', 'name'], ['_dmarc.example', '_dmarc.example', 'name'],
      ['bücher.example', 'xn--bcher-kva.example', 'name'], ['BÜCHER.Example.', 'xn--bcher-kva.example', 'name'], ['ｌocalhost', 'localhost', 'name'], ['a。b', 'a.b', 'name'],
      ['192.168.1.5:00080', '192.168.1.5', 'ipv4', 80], ['127.1', '127.0.0.1', 'ipv4'], ['0177.0.0.1', '127.0.0.1', 'ipv4'], ['0x7F.1', '127.0.0.1', 'ipv4'], ['2130706433', '127.0.0.1', 'ipv4'], ['127.0.0.1.', '127.0.0.1', 'ipv4'],
      ['[::1]:65535', '[::1]', 'ipv6', 65_535], ['[FE80:0::01]', '[fe80::1]', 'ipv6'], ['[fe80::1%eth0]:0', '[fe80::1]', 'ipv6', 0], ['[::ffff:10.0.0.1]', '[::ffff:a00:1]', 'ipv6'],
      ['a'.repeat(63), 'a'.repeat(63), 'name'], [`${'a'.repeat(62)}.`.repeat(4), `${'a'.repeat(62)}.`.repeat(4).slice(0, -1), 'name']
    ] as const) t.same(readHostPort(text), { host, kind, ...port !== undefined && { port } }, text)
  })
  t.test('is nothing else, in which URL would find a host', async t => {
    const texts = [
      '', ' ', '.', '..', 'a..b', 'localhost..', '.localhost', '-x', 'a.-x', 'a'.repeat(64), `${'a'.repeat(62)}.`.repeat(5), 'x'.repeat(2_000), `localhost:${'0'.repeat(1_000)}80`,
      'user@localhost', 'user:pass@localhost', '@localhost', 'localhost/x', 'localhost\\x', 'localhost?x', 'localhost#', 'http://localhost', '//localhost',
      '%6cocalhost', 'localhost%00', 'localhost%2fx', 'a％6cb', ' localhost', 'localhost ', 'local host', 'loc\talhost', 'localhost\n', 'localhost\r\nX: y', 'localhost\0', '\x01localhost', 'localhost\x7f', 'local\x85host', 'localhost\u2028', '\ufefflocalhost',
      ':80', 'localhost:x', 'localhost:-1', 'localhost:+80', 'localhost:8e1', 'localhost:65536', 'localhost:80:80', 'localhost: 80',
      '256.1.1.1', '1.2.3.4.5', '4294967296', '08.1.1.1', '1.2.3.x1.0x', '::1', '[::1', '::1]', '[]', '[[::1]]', '[1.2.3.4]', '[::1]x', 'x[::1]', '[::1%]', '[::1%a b]', '[:::1]', '[12345::1]', '[v1.x]',
      'a,b', 'a;b', '*.example.org', '<b>', 'a"b', "a'b", '{{7*7}}', 'a|b', 'a^b', 'xn--', '\ud800'
    ]
    t.same(texts.filter(text => readHostPort(text) !== undefined), [])
  })
  t.test('is read as browsers read it in an address, or not at all', async t => {
    fc.assert(fc.property(hostileHosts, text => {
      const read = readHostPort(text)
      if (!read) return
      const url = new URL(`http://${text.replace(/%[^\]]*(?=\])/, '')}/path?query`)
      assert.equal(url.hostname.replace(/\.$/, ''), read.host)
      assert.equal(url.port, read.port === undefined || read.port === 80 ? '' : String(read.port))
      assert.deepEqual([url.username, url.password, url.pathname, url.search], ['', '', '/path', '?query'])
    }), { numRuns: 2_000 })
    t.pass()
  })
  t.test('stays the same when it is read again', async t => {
    fc.assert(fc.property(hostileHosts, text => {
      const read = readHostPort(text)
      if (!read) return
      const again = `${read.host}${read.port === undefined ? '' : `:${read.port}`}`
      assert.match(again, /^(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:]{2,39}\])(?::\d{1,5})?$/, 'and cannot change the text it stands in')
      assert.deepEqual(readHostPort(again), read)
      assert.deepEqual(readHostPort(again.toUpperCase()), read)
      const decoded = domainToUnicode(read.host)
      const isItsOwn = URL.canParse(`http://${decoded}`) && new URL(`http://${decoded}`).hostname === read.host // punycode may be of no name, as in xn--bcher-kvaxn--
      if (read.kind === 'name' && read.host.length < 200 && isItsOwn) assert.equal(readHostPort(decoded)?.host ?? read.host, read.host)
    }), { numRuns: 2_000 })
    t.pass()
  })
})
