import { connect, type AddressInfo } from 'node:net'
import t from 'tap'
import { SUBPROTOCOL } from '../../../src/wire/messages.js'
import { until } from '../../e2e/until.js'
import { build } from '../build.js'

const UPGRADE = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n`

t.test('a request to upgrade', async t => {
  const { app, fleet } = await build(t)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const say = (bytes: string) => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    t.teardown(() => socket.destroy())
    let text = ''
    socket.setEncoding('latin1').on('data', (more: string) => { text += more })
    socket.write(bytes)
    return { socket, get text () { return text }, ended: () => until(`the end of the answer to ${bytes}`, () => socket.closed) }
  }

  t.test('to a WebSocket is answered with 101', async t => {
    const answer = say(`GET /wall HTTP/1.1\r\nHost: localhost\r\n${UPGRADE}\r\n`)
    await until('there is one', () => answer.text.includes('\r\n\r\n'))
    t.match(answer.text, /^HTTP\/1\.1 101 /)
    t.match(answer.text, `Sec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n`)
  })

  t.test('is read like any other', async t => {
    for (const [headers, status] of [['', 400], ['Host: localhost\r\nHost: evil.example\r\n', 400], ['Host: evil.example\r\n', 421]] as const) {
      const answer = say(`GET /wall HTTP/1.1\r\n${headers}${UPGRADE}\r\n`)
      await answer.ended()
      t.match(answer.text, new RegExp(`^HTTP/1\\.1 ${status} `), headers)
    }
    const noKey = say(`GET /wall HTTP/1.1\r\nHost: localhost\r\n${UPGRADE.replace(/Sec-WebSocket-Key.*\r\n/, '')}\r\n`)
    await noKey.ended()
    t.match(noKey.text, /^HTTP\/1\.1 400 /)
  })

  t.test('to anything else, or elsewhere, is answered without one', async t => {
    for (const [line, upgrade, status] of [
      ['GET /health/live', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n', 200],
      ['GET /wall', 'Connection: Upgrade\r\nUpgrade: h2c\r\n', 426],
      ['GET /status', UPGRADE, 200],
      ['GET /nothing', UPGRADE, 404],
      ['POST /wall', UPGRADE, 405]
    ] as const) {
      const answer = say(`${line} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`)
      await answer.ended()
      t.match(answer.text, new RegExp(`^HTTP/1\\.1 ${status} `), line)
      t.match(answer.text, /^connection: close\r$/im)
    }
  })

  t.test('of a stream gets the stream, and leaves with it', async () => {
    for (const upgrade of ['Connection: Upgrade\r\nUpgrade: h2c\r\n', UPGRADE]) {
      const answer = say(`GET /camera/1 HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`)
      await until('it watches', () => fleet.get('1').hub.viewers === 1)
      await until('the stream begins', () => answer.text.includes('multipart/x-mixed-replace'))
      answer.socket.destroy()
      await until('it has left', () => fleet.get('1').hub.viewers === 0)
    }
  })

  t.test('that comes before an earlier request is answered ends the connection', async t => {
    const answer = say(`GET /camera/1/snapshot HTTP/1.1\r\nHost: localhost\r\n\r\nGET /wall HTTP/1.1\r\nHost: localhost\r\n${UPGRADE}\r\n`)
    await answer.ended()
    t.equal(answer.text, '')
  })
})
