import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import type { Principal } from '../../src/access/principal.js'
import type { AuthSettings } from '../../src/access/settings.js'
import { KnownHosts } from '../../src/sites/hosts.js'
import { FakeClock } from '../fake-clock.js'
import { guarded } from './guarded.js'

interface Seen { readonly principal?: Principal, readonly ip?: string, readonly host: string, readonly protocol: string, readonly statusCode?: number, readonly code?: string }

/** A server that trusts the proxies of 127.0.0.1 and 127.0.0.5, and answers what it has understood. */
async function start (t: Test, host = '127.0.0.1') {
  const auth: AuthSettings = {
    users: new Map([['anna', { name: 'anna', right: 'control', cameras: new Set(['1']) }]]),
    proxy: { header: 'Remote-User', right: 'view', cameras: 'all' }
  }
  const { app } = await guarded(t, [], auth, { trustProxy: ['127.0.0.1', '127.0.0.5'], sites: { hosts: new KnownHosts(['cameras.example.org']), origins: [], embed: [] } })
  for (const scope of ['public', 'view'] as const) {
    app.get(`/seen/${scope}`, { config: { scope } }, async ({ principal, ip, host, protocol }) =>
      ({ principal: principal && { ...principal, cameras: principal.cameras === 'all' ? 'all' : [...principal.cameras] }, ip, host, protocol }))
  }
  await app.listen(host.startsWith('/') ? { path: host } : { host, port: 0 })
  const address = app.server.address() as string | AddressInfo
  const at = typeof address === 'string' ? { socketPath: address } : { host, port: address.port }
  return async (headers: OutgoingHttpHeaders, localAddress?: string, scope = 'view'): Promise<Seen> => {
    const asked = request({ ...at, localAddress, agent: false, path: `/seen/${scope}`, headers: { Host: 'camgate', ...headers } }).end()
    const [answer] = await once(asked, 'response')
    return await json(answer) as Seen
  }
}

t.test('the user that a proxy names', async t => {
  const seen = await start(t)

  t.test('counts if a trusted proxy names one', async t => {
    t.match(await seen({ 'Remote-User': 'anna' }), { principal: { kind: 'proxy', name: 'anna', right: 'control', cameras: ['1'], issuedAt: new FakeClock().wall() } })
    t.match(await seen({ 'X-Note': 'remote-user', 'Remote-User': 'anna', 'X-Other': 'remote-user' }), { principal: { name: 'anna' } }, 'whatever other headers hold')
    t.match(await seen({ 'REMOTE-USER': 'ben' }, '127.0.0.5'), { principal: { name: 'ben', right: 'view', cameras: 'all' } })
  })

  t.test('is ignored from everybody else, who are unknown', async t => {
    for (const headers of [{}, { 'X-Forwarded-For': '127.0.0.1' }, { 'X-Forwarded-For': '127.0.0.1, 127.0.0.1', 'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1' }]) {
      t.match(await seen({ 'Remote-User': 'anna', ...headers }, '127.0.0.2'), { statusCode: 401, code: 'UNAUTHENTICATED' })
    }
  })

  t.test('does not count if the proxy names nobody, or two', async t => {
    t.match(await seen({}), { statusCode: 401, code: 'UNAUTHENTICATED' })
    for (const value of ['', ['anna', 'ben'], ['anna', 'anna']]) t.match(await seen({ 'Remote-User': value }), { statusCode: 401, code: 'BAD_CREDENTIALS' })
    t.match(await seen({ Remote_User: 'anna' }), { statusCode: 401, code: 'UNAUTHENTICATED' })
  })
})

t.test('what a request says about its client', async t => {
  const forwarded = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Host': 'cameras.example.org', 'X-Forwarded-Proto': 'https' }

  t.test('is believed from a trusted proxy', async t => {
    const seen = await start(t)
    t.match(await seen(forwarded, '127.0.0.5', 'public'), { ip: '203.0.113.9', host: 'cameras.example.org', protocol: 'https' })
    t.match(await seen({}, '127.0.0.1', 'public'), { ip: '127.0.0.1', host: 'camgate', protocol: 'http' })
  })

  t.test('is not believed from anybody else', async t => {
    const seen = await start(t)
    t.match(await seen(forwarded, '127.0.0.2', 'public'), { ip: '127.0.0.2', host: 'camgate', protocol: 'http' })
  })

  t.test('gives the last address of a chain that is not a proxy\'s', async t => {
    const seen = await start(t)
    for (const [chain, ip] of [
      ['1.1.1.1, 203.0.113.9', '203.0.113.9'],
      ['1.1.1.1, 127.0.0.1, 203.0.113.9, 127.0.0.5', '203.0.113.9'],
      [['1.1.1.1', '203.0.113.9'], '203.0.113.9'],
      ['127.0.0.5', '127.0.0.5'],
      ['1.1.1.1, ::ffff:127.0.0.5', '1.1.1.1'],
      ['1.1.1.1, nonsense', 'nonsense'],
      ['', '127.0.0.1']
    ] as const) t.equal((await seen({ 'X-Forwarded-For': chain as string }, '127.0.0.1', 'public')).ip, ip, String(chain))
  })

  t.test('is the same over a dual-stack socket', async t => {
    const seen = await start(t, '::ffff:127.0.0.1')
    t.match(await seen(forwarded, '::ffff:127.0.0.5', 'public'), { ip: '203.0.113.9', protocol: 'https' })
    t.match(await seen({ 'Remote-User': 'anna' }, '::ffff:127.0.0.5'), { principal: { name: 'anna' } })
    t.match(await seen(forwarded, '::ffff:127.0.0.2', 'public'), { ip: '::ffff:127.0.0.2', protocol: 'http' })
    t.match(await seen({ 'Remote-User': 'anna' }, '::ffff:127.0.0.2'), { statusCode: 401 })
  })

  t.test('is not believed over a Unix socket, whose peer has no address', async t => {
    const folder = mkdtempSync(join(tmpdir(), 'camgate-')) // the path of a socket has at most 107 bytes
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const seen = await start(t, join(folder, 'socket'))
    const answer = await seen(forwarded, undefined, 'public')
    t.match(answer, { host: 'camgate', protocol: 'http' })
    t.equal(answer.ip, undefined)
    t.match(await seen({ 'Remote-User': 'anna' }), { statusCode: 401 })
  })
})
