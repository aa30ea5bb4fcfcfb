import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readHostPort } from '../../src/text/host-port.js'
import { readOrigin } from '../../src/text/origin.js'
import { hostileHosts } from './hostile-hosts.js'

t.test('an origin', async t => {
  t.test('is spelled as browsers spell it', async t => {
    for (const [address, origin, rest = ''] of [
      ['https://app.example.org'], ['http://localhost:8000'], ['HTTPS://App.Example.Org:443', 'https://app.example.org'], ['http://[::1]:80', 'http://[::1]'], ['https://a.org:80'], ['http://a.org:', 'http://a.org'], ['http://127.1:08000', 'http://127.0.0.1:8000'],
      ['https://a.org/', 'https://a.org', '/'], ['https://a.org/x?y#z', 'https://a.org', '/x?y#z'], ['https://a.org?@evil.example', 'https://a.org', '?@evil.example'], ['https://bücher.example#', 'https://xn--bcher-kva.example', '#']
    ] as const) t.same(readOrigin(address), { origin: origin ?? address, rest }, address)
  })
  t.test('has a scheme of the web, and a host', async t => {
    for (const address of ['', 'null', 'app.example.org', '//app.example.org', 'ftp://a.org', 'ws://a.org', 'http:a.org', 'http:/a.org', 'http:///a.org', 'http:\\\\a.org', 'https://', 'https:///x', 'https://u@a.org', 'https://a.org\\@evil.example', ' https://a.org', 'https://a.org ', 'https://a.org:65536', 'data:text/html,x', 'about:blank']) {
      t.equal(readOrigin(address), undefined, address)
    }
  })
  t.test('has the host that readHostPort reads, and URL the same origin', async t => {
    fc.assert(fc.property(fc.constantFrom('http', 'https'), hostileHosts, (scheme, text) => {
      const [authority = ''] = /^[^/?#]*/.exec(text)!
      const [host, read] = [readHostPort(authority), readOrigin(`${scheme}://${text}`)]
      assert.equal(read === undefined, host === undefined, text)
      if (read && !/%/.test(authority)) assert.equal(new URL(`${scheme}://${authority.replace(/[.。．｡](?=:|$)/, '')}`).origin, read.origin, text)
    }), { numRuns: 1_000 })
    t.pass()
  })
})
