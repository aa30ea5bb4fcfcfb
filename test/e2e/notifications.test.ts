import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { packageRoot } from '../../src/package.js'
import { secret } from './credentials.js'
import { freePort, listens } from './free-port.js'
import { listenOnLoopback } from './loopback-server.js'
import { startProgram } from './program.js'
import { startService } from './service.js'
import { until } from './until.js'

const PROMISED_END_MS = 3_000

/** 42 bytes in base64. */
const key = secret('').repeat(8)
const path = `/hooks/${secret('a path that only the receiver knows')}`.replaceAll(' ', '-')
const page = readFileSync(join(packageRoot, 'docs/notifications.md'), 'utf8')

interface Request { readonly url: string, readonly headers: IncomingHttpHeaders, readonly body: string }

/** One of the receivers that docs/notifications.md shows, as people copy it. */
async function receiver (t: Test, language: 'python' | 'js', forwardTo: string): Promise<number> {
  const [, code = ''] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page) ?? []
  const file = join(t.testdirName, `receiver.${language === 'js' ? 'mjs' : 'py'}`)
  writeFileSync(file, code)
  const port = await freePort()
  const { said } = startProgram(t, language === 'js' ? process.execPath : 'python3', [file], {
    env: { PATH: process.env.PATH, SECRET: `whsec_${key}`, FORWARD_TO: forwardTo, PORT: String(port) }
  })
  await listens(port).catch(error => { throw new Error(`${error}\n${said()}`) })
  return port
}

t.test('receivers', async t => {
  const requests: Request[] = []
  const to = (url: string) => requests.filter(request => request.url === url)
  const own = await listenOnLoopback(t, createServer(async (request, response) => {
    requests.push({ url: request.url!, headers: request.headers, body: (await buffer(request)).toString() })
    if (request.url === '/hangs') return
    response.writeHead(request.url === path && to(path).length === 1 ? 500 : 204).end()
  }))
  const cameras = {
    gate: { name: 'Gate "2" ☂ <@all>', source: `rtsp://127.0.0.1:${await freePort()}/live` },
    yard: { name: 'Yard', source: `rtsp://127.0.0.1:${await freePort()}/live` },
    lab: { source: { type: 'simulated', codec: 'mjpeg' } }
  }
  const file = join(t.testdir({ 'cameras.yaml': '' }), 'cameras.yaml')
  const configure = (...notify: object[]) => writeFileSync(file, JSON.stringify({ cameras, notify: notify.map(target => ({ after: '0s', secret: `whsec_${key}`, ...target })) }))
  const ports = [await receiver(t, 'python', `http://127.0.0.1:${own}/python`), await receiver(t, 'js', `http://127.0.0.1:${own}/js`)]
  configure({ url: `http://127.0.0.1:${own}${path}` }, ...ports.map(port => ({ url: `http://127.0.0.1:${port}/` })))
  const service = await startService(t, { config: file })

  t.test('are told once of cameras that fail, by a signed message, which is repeated until it is accepted', async t => {
    await until('the message has been accepted', () => to(path).length === 2 && service.log.some(({ msg }) => msg.includes('again')), 30_000)
    const [first, second] = to(path) as [Request, Request]
    t.equal(first.headers['webhook-id'], second.headers['webhook-id'])
    t.equal(first.body, second.body)
    t.match(JSON.parse(first.body), { type: 'camera.down', data: { cameras: [{ id: 'gate', name: 'Gate "2" ☂ <@all>', failure: { code: 'refused' } }, { id: 'yard' }] } })
    for (const { headers, body } of [first, second]) {
      const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers
      t.equal(signature, `v1,${createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    }
    t.same(service.log.map(({ msg }) => msg).filter(msg => msg.includes('otification')), [
      `Notifications do not reach http://127.0.0.1:${own} (notify[0]): it answers with 500. camgate goes on trying.`, `Notifications reach http://127.0.0.1:${own} (notify[0]) again`
    ])
  })

  t.test('in Python and Node, as the docs show them, verify and forward it', async t => {
    for (const [index, url] of ['/python', '/js'].entries()) {
      await until(`${url} has come`, () => to(url).length > 0, 30_000)
      t.match(JSON.parse(to(url)[0]!.body), { text: /^Gate "2" ☂ all is down\. \S.*\nYard is down\. / })
      const [{ headers, body }] = to(path) as [Request]
      const send = async (change: Record<string, string>, content = body) => {
        const signed = Object.fromEntries(['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => [name, String(headers[name])]))
        return (await fetch(`http://127.0.0.1:${ports[index]}/`, { method: 'POST', headers: { ...signed, ...change }, body: content })).status
      }
      t.same([await send({}, body.replace('down', 'up')), await send({ 'webhook-id': 'msg_2' }), await send({ 'webhook-timestamp': '1' }), await send({ 'webhook-signature': 'v1,' })], [401, 401, 401, 401])
      const rude = connect(ports[index]!, '127.0.0.1')
      await once(rude.end('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf').resume(), 'close')
      t.equal(await send({ 'webhook-signature': `v1,${'é'.repeat(44)}` }), 401)
      t.equal(await send({}), 204, 'it has survived both')
      t.equal(to(url).length, 2, 'and nothing else')
    }
  })

  t.test('are counted for Prometheus', async t => {
    const metrics = async () => await (await fetch(new URL('metrics', service.url))).text()
    await until('three were delivered', async () => (await metrics()).includes('camgate_notifications_total{result="delivered"} 3'))
    t.match(await metrics(), /^camgate_notifications_total\{result="retried"\} 1$/m)
  })

  t.test('that are new are told how things are, and one that hangs does not hold up the end', async t => {
    configure({ url: `http://127.0.0.1:${own}/hangs` })
    t.match(await (await fetch(new URL('config/reload', service.url), { method: 'POST' })).json(), { changes: ['notify changed'] })
    await until('the new one is told', () => to('/hangs').length > 0)
    t.match(JSON.parse(to('/hangs')[0]!.body), { type: 'camera.down', data: { cameras: [{ id: 'gate' }, { id: 'yard' }] } })
    const { code, ms } = await service.end()
    t.equal(code, 0)
    t.ok(ms < PROMISED_END_MS, `it took ${ms} ms`)
    t.equal(to(path).length, 2, 'the others were told once')
    t.notOk(service.log.some(({ msg }) => /not clean|not everything/i.test(msg)))
  })
})
