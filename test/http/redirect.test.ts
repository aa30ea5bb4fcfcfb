import type { AddressInfo } from 'node:net'
import t from 'tap'
import { listenPlainly } from '../../src/http/listen.js'
import { redirectServer } from '../../src/http/redirect.js'
import { KnownHosts } from '../../src/sites/hosts.js'
import { answerTo } from '../e2e/viewer.js'

t.test('plain HTTP beside https', async t => {
  const serve = async (port: number) => {
    const server = redirectServer(port, () => new KnownHosts(['cams.example.org']))
    await listenPlainly(server, ['127.0.0.1'], 0)
    t.teardown(() => { server.close() })
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  }
  const { server, url } = await serve(443)
  const other = await serve(5_443)
  const ask = async (line: string, host?: string, at = url) => await answerTo(at, `${line} HTTP/1.1\r\n${host === undefined ? '' : `Host: ${host}\r\n`}\r\n`)
  const locationOf = (answer: string) => /^HTTP\/1\.1 308 [^]*\r\nLocation: (.*)\r\n/.exec(answer)?.[1]

  t.test('sends browsers to the same address by https', async t => {
    for (const [line, host, location] of [
      ['GET /camera/1?fps=2&x=%2F', 'cams.example.org', 'https://cams.example.org/camera/1?fps=2&x=%2F'],
      ['HEAD /', 'cams.example.org:80', 'https://cams.example.org/'],
      ['GET /', '192.168.1.5:8080', 'https://192.168.1.5/'],
      ['GET /', '[fd00::1]:80', 'https://[fd00::1]/'],
      ['GET //evil.example', 'cams', 'https://cams//evil.example'],
      ['GET /\\evil.example', 'cams', 'https://cams/\\evil.example']
    ] as const) t.equal(locationOf(await ask(line, host)), location, line)
    const answer = await ask('GET /', 'cams')
    t.match(answer, /\r\nCache-Control: no-store\r\n/, 'because the port may change')
    t.match(answer, /\r\nConnection: close\r\n/)
    t.equal(locationOf(await ask('GET /', 'cams:80', other.url)), 'https://cams:5443/')
  })
  t.test('sends nobody anywhere else', async t => {
    for (const host of ['evil.example/x', 'user@evil.example', 'a b', 'cams:80@evil.example', 'evil.example#', 'evil.example\\', '[::1', ':80', '', '-x', 'cams:port', 'a'.repeat(300)]) {
      t.match(await ask('GET /', host), /^HTTP\/1\.1 400 [^]*BAD_REQUEST/, JSON.stringify(host))
    }
    t.match(await ask('GET /', 'evil.example'), /^HTTP\/1\.1 421 [^]*UNKNOWN_HOST[^]*hosts: \['evil\.example'\]/, 'a name that is not its own')
    t.match(await ask('GET /'), /^HTTP\/1\.1 400 /, 'without a Host')
    t.match(await ask('GET http://evil.example/', 'cams'), /^HTTP\/1\.1 400 /, 'a whole address')
    t.match(await ask('OPTIONS *', 'cams'), /^HTTP\/1\.1 400 /)
  })
  t.test('reads a host as the door does, and sends browsers to its one spelling', async t => {
    const known = new KnownHosts(['cams.example.org'])
    for (const host of [
      'CAMS.Example.Org.:80', '127.1', '0177.0.0.1:8080', '0x7f000001', 'my_project-camgate-1', '_cams', 'raspberrypi.local:', '[FE80::0:1%eth0]', '[::ffff:10.0.0.1]:00080', 'cams:99999', 'a,b', 'a"b', '%6cocalhost', '256.1.1.1', '[1.2.3.4]', 'a..b', '-x.local', 'x:y@cams', 'cams.example.org.evil.example'
    ]) {
      const verdict = known.verdict(host)
      const answer = await ask('GET /', host)
      t.equal(locationOf(answer), verdict.kind === 'known' ? `https://${verdict.host}/` : undefined, host)
      t.match(answer, verdict.kind === 'known' ? / 308 / : verdict.kind === 'unknown' ? / 421 / : / 400 /)
    }
  })
  t.test('refuses what should have been encrypted', async t => {
    const answer = await ask('POST /stop/1', 'cams', other.url)
    t.match(answer, /^HTTP\/1\.1 426 Upgrade Required\r\n[^]*\r\nUpgrade: TLS\/1\.2, HTTP\/1\.1\r\n[^]*"HTTPS_ONLY"[^]*https:\/\/cams:5443/)
    t.notMatch(answer, /Location/)
  })
  t.test('has limits of its own', async t => {
    t.ok(server.maxConnections > 0 && server.timeout > 0 && server.headersTimeout > 0 && server.requestTimeout > 0)
  })
})
