import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { run } from '../../src/commands/notify/notify.js'
import { systemClock } from '../../src/clock.js'
import { sendTest } from '../../src/notify/send-test.js'
import { packageRoot } from '../../src/package.js'
import { captured } from '../commands/streams.js'
import { parse } from '../config/fixtures/read.js'
import { listenOnLoopback } from '../e2e/loopback-server.js'

const KEY = Buffer.alloc(32, 'k').toString('base64')

t.test('a test of the receivers', async t => {
  const seen: Array<{ signature: unknown, expected: string, type: string }> = []
  const port = await listenOnLoopback(t, createServer(async (request, response) => {
    const body = await text(request)
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers
    seen.push({ signature, expected: `v1,${createHmac('sha256', Buffer.from(KEY, 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`, type: JSON.parse(body).type })
    response.writeHead(request.url === '/good' ? 204 : 403).end()
  }))
  const origin = `http://127.0.0.1:${port}`
  const file = (...paths: string[]) => `cameras: { 1: rtsp://127.0.0.1:1/ }\nnotify: [${paths.map(path => `{ url: "${origin}${path}", secret: whsec_${KEY} }`).join(', ')}]\n`

  t.test('posts one to each, and returns what it answers', async t => {
    t.same(await sendTest(parse(file('/good', '/bad')), systemClock), [
      { name: `${origin} (notify[0])`, accepted: true, answer: 'it answers with 204' }, { name: `${origin} (notify[1])`, accepted: false, answer: 'it answers with 403' }
    ])
    t.same(seen.map(({ type, signature, expected }) => [type, signature === expected]), [['test', true], ['test', true]])
  })

  t.test('is a command', async t => {
    const folder = t.testdir({ 'good.yaml': file('/good'), 'bad.yaml': file('/good', '/bad'), 'none.yaml': 'cameras: { 1: rtsp://127.0.0.1:1/ }' })
    const notify = async (name: string) => {
      const io = captured()
      const code = await run({ values: {}, positionals: [`${folder}/${name}`] } as never, io)
      return { code, printed: io.printed() }
    }
    t.same(await notify('good.yaml'), { code: 0, printed: `ok      ${origin} (notify[0]): it answers with 204\n` })
    t.match(await notify('bad.yaml'), { code: 69, printed: /failed {2}http.* \(notify\[1\]\): it answers with 403\n$/ })
    const [, shown = ''] = /```text\n(ok .*?)```/s.exec(readFileSync(join(packageRoot, 'docs/notifications.md'), 'utf8')) ?? []
    t.equal(shown.replace(/http:\S+/, origin).split('\n')[0], (await notify('good.yaml')).printed.trim(), 'as the docs show it')
    await t.rejects(notify('none.yaml'), { code: 'CONFIG', message: /has no receivers/ })
  })
})
