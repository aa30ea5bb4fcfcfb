import t, { type Test } from 'tap'
import { bearer, basic, exchange, GATE, startClosed, statusesOf, VAULT } from './closed-service.js'

const HOST = 'Host: 127.0.0.1\r\n'
/** What asks for a right. A method stands in front of the path. */
const ROUTES = [
  'GET /status', `GET /status/${VAULT.id}`, `GET /camera/${VAULT.id}`, `HEAD /camera/${VAULT.id}`, `GET /camera/${VAULT.id}/snapshot`, 'GET /video_feed',
  `GET /stop/${VAULT.id}`, `POST /stop/${VAULT.id}`, `POST /start/${VAULT.id}`, `POST /restart/${VAULT.id}`, 'POST /sessions/revoke'
]

const escape = (text: string, pattern: RegExp, percent = '%') => text.replace(pattern, sign => percent + sign.charCodeAt(0).toString(16))
/** Ways to write a path that some program between a block-list and a route takes for the same one. */
const spellings: Record<string, (path: string) => string> = {
  plain: path => path,
  'slash at the end': path => `${path}/`,
  'double slash': path => path.replaceAll('/', '//'),
  'encoded letter': path => escape(path, /(?<=\/)[a-z]/),
  'encoded letters, upper case': path => escape(path, /[a-z]/g).toUpperCase(),
  'encoded twice': path => escape(path, /(?<=\/)[a-z]/, '%25'),
  'upper case': path => path.toUpperCase(),
  'mixed case': path => path.replace(/[a-z]/, letter => letter.toUpperCase()),
  'encoded slash': path => `/${escape(path.slice(1), /\//g)}`,
  'encoded slash in front': path => `/%2f${path.slice(1)}`,
  'encoded slash at the end': path => `${path}%2f`,
  'encoded slash, upper case': path => `/${path.slice(1).replaceAll('/', '%2F')}`,
  'dot segment': path => `/.${path}`,
  'dot segment at the end': path => `${path}/.`,
  'dots after a public address': path => `/health/live/../..${path}`,
  'encoded dots after a public address': path => `/health/live/%2e%2e/%2e%2e${path}`,
  'encoded dots and slashes': path => `/health/live%2f%2e%2e%2f..${path}`,
  'dots after a file': path => `/main.js/..${path}`,
  'dots with parameters': path => `/main.js/..;${path}`,
  'a file after it': path => `${path}/main.js`,
  'parameter of a path': path => `${path};x=main.js`,
  'parameter of the first part': path => path.replace(/(?<=\/\w+)/, ';a=b'),
  'semicolon in front': path => `/;${path}`,
  'extension of a file': path => `${path}.css`,
  'dot at the end': path => `${path}.`,
  'space at the end': path => `${path}%20`,
  'tabulator at the end': path => `${path}%09`,
  'new line at the end': path => `${path}%0a`,
  'null at the end': path => `${path}%00.js`,
  'backslash in front': path => `\\${path.slice(1)}`,
  backslashes: path => path.replaceAll('/', '\\'),
  'encoded backslash': path => `/%5c..%5c${path.slice(1)}`,
  'query of a file': path => `${path}?base.js`,
  'query with a file': path => `${path}?/main.js`,
  'encoded question mark': path => `${path}%3fx`,
  fragment: path => `${path}#/main.js`,
  'overlong slash': path => `/%c0%af${path.slice(1)}`,
  'absolute form': path => `http://127.0.0.1${path}`,
  'absolute form, upper case': path => `HTTP://127.0.0.1${path}`,
  'absolute form of https': path => `https://127.0.0.1${path}`,
  'absolute form with a user': path => `http://ada:x@127.0.0.1${path}`,
  'absolute form of another scheme': path => `file://${path}`,
  'absolute form of a public address': path => `http://127.0.0.1/health/live/../..${path}`,
  'no slash': path => path.slice(1)
}
/** These reach the route, as its administrator sees. */
const UNDERSTOOD = ['plain', 'slash at the end', 'double slash', 'encoded letter', 'query of a file', 'query with a file', 'fragment', 'absolute form']

/** Headers by which programs in front, or frameworks, change what a request asks for or who sends it. */
const HEADERS = [
  ...['X-Original-URL', 'X-Rewrite-URL', 'X-Original-URI', 'X-Forwarded-Uri', 'X-Forwarded-Prefix', 'X-Forwarded-Path', 'X-Accel-Redirect'].map(name => `${name}: /health/live`),
  ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].map(name => `${name}: OPTIONS`),
  ...['X-Forwarded-For', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'X-Originating-IP', 'X-Remote-Addr', 'X-Forwarded-Host', 'X-Host'].map(name => `${name}: 127.0.0.1`),
  ...['X-Forwarded-User', 'X-Remote-User', 'Remote-User', 'X-WEBAUTH-USER', 'Tailscale-User-Login', 'X-Auth-Request-User'].map(name => `${name}: ada`),
  'Forwarded: for=127.0.0.1;host=127.0.0.1', 'X-Forwarded-Proto: https', 'Authorization: Basic', 'Authorization: Basic Og==', 'Authorization: Basic YWRhOg==', 'Authorization: Bearer', 'Authorization: Bearer null',
  'Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJyaWdodCI6ImFkbWluIiwiZXhwIjo5OTk5OTk5OTk5fQ.', 'Authorization: Digest username="ada"', 'Cookie: app_token=; camgate_=', 'Connection: Authorization', 'Connection: Host', 'Expect: 100-continue', 'Expect: nothing', 'Range: bytes=0-9',
  'Content-Length: 0', 'Origin: http://127.0.0.1', 'If-None-Match: *', 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'
]

t.test('block-lists bypassed (Frigate CVE-2026-25643, and both by-passes of its mending)', { timeout: 120_000 }, async t => {
  const { port, status, service, ask } = await startClosed(t)
  const people = { nobody: '', anna: `Authorization: ${basic('anna').authorization}\r\n` }
  const ada = `Authorization: ${basic('ada').authorization}\r\n`
  const older = await bearer({ sub: 'olga', cameras: 'all' })
  const send = (line: string, headers = '', timeoutMs?: number) => exchange(port, `${line} HTTP/1.1\r\n${HOST}Connection: close\r\n${headers}\r\n`, timeoutMs)
  const isRefused = (answer: string) => statusesOf(answer).every(status => status === 100 || status >= 400) && !new RegExp(`${VAULT.name}|framesTotal|multipart/|\xff\xd8\xff`).test(answer)
  /** Sends all of them at once. Each has a name. */
  const allAreRefused = async (t: Test, requests: ReadonlyArray<readonly [name: string, answer: Promise<string>]>) => {
    const answers = await Promise.all(requests.map(async ([name, answer]) => ({ name, answer: await answer })))
    t.same(answers.filter(({ answer }) => !isRefused(answer)), [], `all ${answers.length}`)
  }

  for (const [who, proof] of Object.entries(people)) {
    // Anna may see /status and /video_feed, where the vault is hidden from her: lessons.test.ts.
    for (const route of ROUTES.filter(route => who === 'nobody' || !/status$|video_feed/.test(route))) {
      const [method, path] = route.split(' ') as [string, string]
      t.test(`${who} does not reach ${route} by another spelling`, async t => {
        await allAreRefused(t, Object.entries(spellings).map(([name, spell]) => [name, send(`${method} ${spell(path)}`, proof)]))
      })
      t.test(`${who} does not reach ${route} by a header`, async t => {
        const headers = HEADERS.filter(header => who === 'nobody' || !header.startsWith('Authorization'))
        await allAreRefused(t, headers.map(header => [header, send(`${method} ${path}`, `${proof}${header}\r\n`)]))
      })
    }
  }

  t.test('nobody reaches a route by another method', async t => {
    const methods = ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'LOCK', 'QUERY', 'get', 'Get', 'GET\tX', 'CONNECT'].map(method => `${method} /status`)
    await allAreRefused(t, [...methods, 'CONNECT 127.0.0.1:80'].map(line => [line, send(line)]))
    for (const target of ['*', '/status']) t.notMatch(await send(`OPTIONS ${target}`), /cameras|framesTotal/, 'a preflight reveals nothing')
  })

  t.test('nobody reaches a route by an odd request', async t => {
    await allAreRefused(t, Object.entries({
      'two hosts': `GET /status HTTP/1.1\r\n${HOST}Host: localhost\r\n\r\n`,
      'no host': 'GET /status HTTP/1.1\r\n\r\n',
      'HTTP/1.0': 'GET /status HTTP/1.0\r\n\r\n',
      'HTTP/0.9': 'GET /status\r\n',
      'HTTP/2.0 in name': `GET /status HTTP/2.0\r\n${HOST}\r\n`,
      'HTTP/2 without TLS': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'a folded header': `GET /status HTTP/1.1\r\n${HOST}X: y\r\n Authorization: Basic eDp5\r\n\r\n`,
      'a space before the colon': `GET /status HTTP/1.1\r\n${HOST}Authorization : Basic eDp5\r\n\r\n`,
      'lines without CR': 'GET /status HTTP/1.1\nHost: 127.0.0.1\n\n',
      'an empty line in front': `\r\n\r\nGET /status HTTP/1.1\r\n${HOST}\r\n`,
      'two proofs': `GET /status HTTP/1.1\r\n${HOST}Authorization: Basic eDp5\r\nAuthorization: Basic eDp5\r\n\r\n`
    }).map(([name, bytes]) => [name, exchange(port, bytes)]))
  })

  t.test('nobody reaches a route by a second request in the same bytes', async t => {
    const second = `GET /status HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`
    t.same(statusesOf(await exchange(port, `GET /health/live HTTP/1.1\r\n${HOST}\r\n${second}`)), [200, 401], 'pipelined')
    t.same(statusesOf(await exchange(port, `GET /status HTTP/1.1\r\n${HOST}${ada}\r\n${second}`)), [200, 401], 'a proof is for its request, not for its connection')
    t.same(statusesOf(await exchange(port, `GET /health/live HTTP/1.1\r\n${HOST}Content-Length: ${second.length}\r\n\r\n${second}`, 1_000)), [200], 'as a body, it is no request')
    for (const [what, headers] of Object.entries({
      'both lengths': `Content-Length: ${second.length + 5}\r\nTransfer-Encoding: chunked\r\n`,
      'both lengths, the other first': 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n',
      'two lengths': `Content-Length: 4\r\nContent-Length: ${second.length}\r\n`,
      'a length with a sign': 'Content-Length: +4\r\n',
      'an unknown encoding': 'Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n',
      'chunked twice': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n'
    })) {
      const answer = await exchange(port, `GET /health/live HTTP/1.1\r\n${HOST}${headers}\r\n0\r\n\r\n${second}`)
      t.match(answer, /^HTTP\/1\.1 400 [^]*Connection: close/, what)
      t.same(statusesOf(answer), [400], what)
    }
  })

  t.test('a public address stays what it is, whatever a header says', async t => {
    for (const name of ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri', 'X-Original-URI']) {
      t.match(await send('GET /health/live', `${name}: /status\r\n`), /^HTTP\/1\.1 200 [^]*\r\n\r\n\{"status":"ok"\}$/, name)
    }
  })

  t.test('Host header changing what a hook sees (Starlette CVE-2026-48710)', async t => {
    for (const host of ['127.0.0.1/health/live?x=', '127.0.0.1/health/live', '127.0.0.1?/health/live', '127.0.0.1#', 'x@127.0.0.1', '127.0.0.1:80/main.js', '127.0.0.1\\main.js', 'localhost/;']) {
      for (const target of ['/status', 'http://127.0.0.1/status']) {
        const answer = await exchange(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${ada}\r\n`)
        t.same(statusesOf(answer), [421], `${host} ${target}`)
        t.notMatch(answer, /cameras/)
      }
    }
  })

  t.test('a WebSocket upgrade is asked for as any request', async t => {
    const upgrade = HEADERS.find(header => header.includes('websocket'))!
    for (const path of ['/status', `/status/${VAULT.id}`, `/camera/${VAULT.id}`, '/video_feed', '/wall', '/events', '/', '/main.js', '/health/live']) {
      const answer = await send(`GET ${path}`, `${upgrade}\r\n`)
      t.notMatch(answer, /^HTTP\/1\.1 101|framesTotal|multipart/, path)
      if (path.startsWith('/status') || path.startsWith('/camera')) t.same(statusesOf(answer), [401], path)
    }
  })

  t.test('all of that would have been answered if an administrator had asked', async t => {
    for (const name of UNDERSTOOD) {
      for (const path of ['/status', `/camera/${VAULT.id}/snapshot`]) t.same(statusesOf(await send(`GET ${spellings[name]!(path)}`, ada)), [200], `${name} ${path}`)
    }
    t.same(statusesOf(await exchange(port, `GET /status HTTP/1.0\r\n${ada}\r\n`)), [200], 'HTTP/1.0')
    t.match(await send(`GET /camera/${VAULT.id}/snapshot`, ada), /\xff\xd8\xff/)
  })

  t.test('nothing was stopped, restarted or revoked', async t => {
    const { cameras } = await status()
    t.match([cameras[VAULT.id], cameras[GATE.id]], [{ state: 'running' }, { state: 'running' }])
    t.notMatch(service.log.map(({ msg }) => msg).join('\n'), /stopp|restart/i)
    t.equal((await ask('/status', undefined, { headers: older })).status, 200, 'an old token is still good')
    t.same(service.log.filter(({ level }) => level >= 50), [], 'and no request has shown a defect')
  })
})
