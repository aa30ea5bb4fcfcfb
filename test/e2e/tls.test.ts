import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fingerprintOf, keyPair } from '../../src/tls/key-pair.js'
import { certificate, filesIn, folderOf, names, type Made } from '../tls/certificates.js'
import { noBrowser, openBrowser } from './browser.js'
import { Service, startService } from './service.js'
import { until } from './until.js'
import { answerTo, view } from './viewer.js'

const fingerprint = ({ key, cert }: Made) => fingerprintOf(keyPair(key, cert, names))

/** A folder with a cameras.yaml of one simulated camera. */
function configure (t: Test, tls: string) {
  const folder = folderOf(t)
  const config = join(folder, 'cameras.yaml')
  writeFileSync(config, `server: { tls: ${tls} }\ncameras: { 1: { source: { type: simulated } } }\n`)
  return { folder, config, env: { STATE_DIRECTORY: join(folder, 'state') } }
}

async function handshake (url: string): Promise<{ fingerprint: string | undefined, protocol: string | null }> {
  const { hostname, port } = new URL(url)
  const socket: TLSSocket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const [found, protocol] = [socket.getPeerCertificate().fingerprint256, socket.getProtocol()]
  socket.destroy()
  return { fingerprint: found, protocol }
}

async function answerOverTls (url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => { answer += text }).write(request)
  await once(socket, 'close')
  return answer
}

async function freePort (): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}

t.test('https', async t => {
  t.test('goes on with a new certificate, and so do its streams', async t => {
    const redirectFrom = await freePort()
    const { folder, ...options } = configure(t, `{ key: key.pem, cert: cert.pem, redirectFrom: ${redirectFrom} }`)
    const [first, second] = [await certificate({ from: Date.now() }), await certificate({ from: Date.now() })]
    const paths = filesIn(folder, first)
    const service = await startService(t, options)
    t.match(service.url, /^https:/)
    t.same(await handshake(service.url), { fingerprint: fingerprint(first), protocol: 'TLSv1.3' })
    t.match(await answerOverTls(service.url, 'GET /health/live HTTP/1.1\r\nHost: cams.example.org\r\nConnection: close\r\n\r\n'), /200 OK/, 'a name in the certificate is its own')
    t.match(await answerOverTls(service.url, 'GET /health/live HTTP/1.1\r\nHost: other.example.org\r\nConnection: close\r\n\r\n'), / 421 /)
    const viewer = view(t, `${service.url}camera/1`)
    const slow = view(t, `${service.url}camera/1`, { bytesPerSecond: 30_000 })
    await until('there are pictures', () => viewer.live.length > 10 && slow.live.length > 0, 60_000)

    writeFileSync(paths.key, first.cert)
    await until('the log says that the key is not used', () => service.log.some(({ msg }) => /old one still is\. There is no private key in/.test(msg)), 20_000)
    t.equal((await handshake(service.url)).fingerprint, fingerprint(first))

    for (const name of ['key', 'cert'] as const) { // as ACME clients do
      writeFileSync(`${paths[name]}.new`, second[name])
      renameSync(`${paths[name]}.new`, paths[name])
    }
    await until('the new one is used', async () => (await handshake(service.url)).fingerprint === fingerprint(second))
    const [seen, slowly] = [viewer.parts.length, slow.parts.length]
    await until('the old streams go on', () => viewer.parts.length > seen + 20 && slow.parts.length > slowly + 1, 30_000)
    t.same([...viewer.faults, ...slow.faults], [])
    t.equal(viewer.skipped, 0, 'not one picture is missing')

    t.match(await answerTo(`http://127.0.0.1:${redirectFrom}`, 'GET /camera/1?fps=2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'), new RegExp(`308 [^]*Location: ${service.url}camera/1\\?fps=2\r\n`))
    t.match(await answerTo(service.url, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'), /400 [^]*begin the address with https/)
    const { port } = new URL(service.url)
    const silent = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false }).on('error', () => {})
    await once(silent, 'connect')
    const { code, ms } = await service.end()
    t.equal(code, 0)
    t.ok(ms < 3_000, `${ms} ms`)
    t.match(viewer.parts.at(-1)?.jpeg.subarray(-2).toString('hex'), 'ffd9')
  })

  t.test('does not begin with files that cannot be used', async t => {
    const { folder, ...options } = configure(t, '{ key: key.pem, cert: cert.pem }')
    filesIn(folder, { key: (await certificate()).key, cert: (await certificate()).cert })
    const service = new Service(t, options)
    t.equal((await service.gone).code, 78)
    t.match(service.stderr, /^The key in .*key\.pem does not belong to the certificate in .*cert\.pem, which is for DNS:cams\.example\.org/)
  })

  t.test('with a self-signed certificate is a secure context for a browser, the same after a restart', { skip: noBrowser }, async t => {
    const { folder: _, ...options } = configure(t, 'self-signed')
    const first = await startService(t, options)
    const printed = (service: Service) => /fingerprint is (\S+)/.exec(service.log.map(({ msg }) => msg).join('\n'))?.[1]
    t.equal((await handshake(first.url)).fingerprint, printed(first))
    await first.end()
    const service = await startService(t, options)
    t.equal(printed(service), printed(first))

    const browser = await openBrowser(['--host-resolver-rules=MAP camgate.lan 127.0.0.1'])
    t.teardown(() => browser.close())
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage() // as after "proceed anyway"
    await page.goto(service.url.replace('127.0.0.1', 'camgate.lan'))
    t.same(await page.evaluate('[isSecureContext, typeof VideoDecoder, location.hostname]'), [true, 'function', 'camgate.lan'])
    await page.evaluate("void (window.picture = Object.assign(new Image(), { src: '/camera/1' }))")
    await until('the picture is there', async () => await page.evaluate('window.picture.naturalWidth > 0') as boolean, 20_000)
    const strict = await (await browser.newContext()).newPage()
    await t.rejects(strict.goto(service.url), /ERR_CERT_AUTHORITY_INVALID/, 'nobody has trusted it yet')
  })
})
