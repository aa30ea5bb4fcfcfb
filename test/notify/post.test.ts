import { EventEmitter, once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import t, { type Test } from 'tap'
import { post, type Outcome, type PostParts } from '../../src/notify/post.js'
import { listenOnLoopback } from '../e2e/loopback-server.js'
import { FakeClock } from '../fake-clock.js'
import { turn } from '../fake-launch.js'
import { certificate } from '../tls/certificates.js'

const LOOPBACK = [{ address: '127.0.0.1', family: 4 }]

const serving = (t: Test, answer: RequestListener) => listenOnLoopback(t, createServer(answer))

function posting (parts: Partial<PostParts> = {}) {
  const clock = new FakeClock()
  const send = (url: string, body = '{}', credentials?: { username: string, password: string }): Promise<Outcome> =>
    post({ url, credentials, headers: { 'webhook-id': 'msg_1' }, body }, { clock, resolve: async () => LOOPBACK, places: [], signal: new AbortController().signal, ...parts })
  return { clock, send }
}

t.test('a post', async t => {
  t.test('carries JSON and headers, and returns the status', async t => {
    const seen: unknown[] = []
    const port = await serving(t, async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      seen.push({ method: request.method, url: request.url, headers: request.headers, body })
      response.writeHead(202, { 'Retry-After': '7' }).end('thanks')
    })
    const { send, clock } = posting()
    t.same(await send(`http://127.0.0.1:${port}/hook?a=1`, '{"name":"Tür 😀"}', { username: 'ann', password: 'pä:ss' }), { kind: 'answered', status: 202, retryAfter: '7' })
    t.match(seen, [{
      method: 'POST', url: '/hook?a=1', body: '{"name":"Tür 😀"}', headers: { host: `127.0.0.1:${port}`, 'webhook-id': 'msg_1', 'content-type': 'application/json', 'content-length': '20', 'user-agent': /^camgate\//, authorization: `Basic ${Buffer.from('ann:pä:ss').toString('base64')}` }
    }])
    while (clock.pending > 0) await turn() // the connection is closed
  })

  t.test('follows no redirect', async t => {
    let asked = 0
    const port = await serving(t, (_request, response) => {
      asked++
      response.writeHead(307, { Location: `http://127.0.0.1:${port}/other` }).end()
    })
    t.match(await posting().send(`http://127.0.0.1:${port}/`), { status: 307 })
    t.equal(asked, 1)
  })

  t.test('connects to the address that was checked, and to no camera', async t => {
    let asked = 0
    const port = await serving(t, (_request, response) => {
      asked++
      response.end()
    })
    const answers = [LOOPBACK, [{ address: '127.0.0.2', family: 4 }]]
    const names: string[] = []
    const rebinding = posting({
      resolve: async name => {
        names.push(name)
        return answers.shift()!
      }
    })
    t.match(await rebinding.send(`http://hook.lan:${port}/`), { status: 200 }, 'a second lookup would lead elsewhere')
    t.same(names, ['hook.lan'])
    const places = [{ camera: 'yard', host: '127.0.0.1', port }]
    t.same(await posting({ places }).send(`http://hook.lan:${port}/`), { kind: 'failed', reason: 'it has the address of the camera yard' })
    for (const host of ['127.0.0.1', '127.1', '0x7f000001', '[::ffff:127.0.0.1]', '[::1]', '127.0.0.1.']) {
      t.same(await posting({ places }).send(`http://${host}:${port}/`), { kind: 'failed', reason: 'it has the address of the camera yard' }, host)
    }
    t.match(await posting().send('http://169.254.169.254/latest/meta-data/'), { reason: /no receiver can be/ })
    t.equal(asked, 1)
  })

  t.test('says why it has failed', async t => {
    const port = await listenOnLoopback(t, createTcpServer(socket => { socket.end() }))
    t.same(await posting().send(`http://127.0.0.1:${port}/`), { kind: 'failed', reason: 'it has closed the connection (ECONNRESET)' })
    const odd = await listenOnLoopback(t, createTcpServer(socket => { socket.end('no HTTP at all\r\n\r\n') }))
    t.match(await posting().send(`http://127.0.0.1:${odd}/`), { kind: 'failed', reason: /^it does not speak HTTP as it should \(HPE_/ })
    t.same(await posting({ resolve: async () => { throw Object.assign(new Error('x'), { code: 'ENOTFOUND' }) } }).send('http://hook.lan/'), { kind: 'failed', reason: 'its name cannot be resolved (ENOTFOUND)' })
  })

  t.test('trusts no certificate that this machine does not', async t => {
    const port = await listenOnLoopback(t, createTlsServer(await certificate({ name: 'localhost', from: Date.now() }), (_request, response) => { response.end() }))
    t.match(await posting().send(`https://localhost:${port}/`), { kind: 'failed', reason: /^this machine does not trust its certificate \(\w+\)$/ })
  })

  t.test('waits ten seconds for an answer', async t => {
    const [silent, taken] = [await listenOnLoopback(t, createTcpServer()), new EventEmitter()]
    const port = await serving(t, () => taken.emit('request'))
    for (const url of [`http://127.0.0.1:${silent}/`, `http://127.0.0.1:${port}/`]) {
      const { send, clock } = posting()
      const isTaken = once(taken, 'request')
      const sent = send(url)
      if (url.includes(String(port))) await isTaken
      clock.advance(9_999)
      clock.advance(1)
      t.same(await sent, { kind: 'failed', reason: 'it does not answer within 10 seconds' }, url)
      while (clock.pending > 0) await turn()
    }
    const { send, clock } = posting({ resolve: () => new Promise(() => {}) })
    const sent = send('http://hook.lan/')
    clock.advance(10_000)
    t.match(await sent, { reason: /10 seconds/ }, 'also for a name')
  })

  t.test('reads no more than 64 KiB of an answer', async t => {
    const ended = new EventEmitter()
    const port = await serving(t, (_request, response) => {
      let written = 0
      const more = () => {
        while (!response.destroyed && written < 100_000_000) {
          written += 1_000_000
          if (!response.write(Buffer.alloc(1_000_000))) {
            response.once('drain', more)
            return
          }
        }
      }
      response.on('close', () => ended.emit('end', written))
      more()
    })
    const end = once(ended, 'end')
    t.match(await posting().send(`http://127.0.0.1:${port}/`), { status: 200 })
    const [written] = await end
    t.ok(written < 50_000_000, 'the rest was not taken')
  })

  t.test('takes a few interim answers, and not any number of them', async t => {
    const answering = (count: number, last: string) => listenOnLoopback(t, createTcpServer(socket => {
      socket.on('error', () => {}).once('data', () => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(count) + last))
    }))
    t.match(await posting().send(`http://127.0.0.1:${await answering(20, 'HTTP/1.1 204 No Content\r\n\r\n')}/`), { status: 204 })
    t.same(await posting().send(`http://127.0.0.1:${await answering(21, '')}/`), { kind: 'failed', reason: 'it does not come to its answer' })
  })

  t.test('ends with its signal', async t => {
    const abort = new AbortController()
    const port = await serving(t, () => abort.abort())
    t.match(await posting({ signal: abort.signal }).send(`http://127.0.0.1:${port}/`), { kind: 'failed' })
    t.match(await posting({ signal: abort.signal }).send(`http://127.0.0.1:${port}/`), { kind: 'failed' }, 'also if that has come before')
  })
})
