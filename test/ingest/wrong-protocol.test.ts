import t, { type Test } from 'tap'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { rtspBehindHttp, wrongProtocol } from '../../src/ingest/wrong-protocol.js'
import { scripted, visit } from '../rtsp-client/camera.js'
import { readHttp, scriptedHttp, whole } from '../http-client/http-camera.js'

/** Starts a server that sends nothing by itself. Resolves with its port. */
async function listening (t: Test, serve: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, socket => {
    socket.on('error', () => {})
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return (server.address() as AddressInfo).port
}

const bytes = (text: string) => Buffer.from(text, 'latin1')

t.test('another protocol at a port is named', async t => {
  t.match(wrongProtocol(bytes('HTTP/1.1 400 Bad Request\r\n'), 'RTSP', 80), { code: 'WRONG_PROTOCOL', message: 'What answers at port 80 speaks HTTP, not RTSP; RTSP is mostly at port 554. Correct the port, or write http://.' })
  t.match(wrongProtocol(bytes('HTTP/1.1 400 Bad Request\r\n'), 'RTSP', 554), { message: 'What answers at port 554 speaks HTTP, not RTSP. Correct the port, or write http://.' })
  t.match(wrongProtocol(bytes('RTSP/1.0 400 Bad Request\r\n'), 'HTTP', 80), { message: 'What answers at port 80 speaks RTSP, not HTTP. Correct the port, or write rtsp://.' })
  t.match(wrongProtocol(bytes('RTSP/1.0 400 Bad Request\r\n'), 'HTTP', 554), { message: /^What answers at port 554 speaks RTSP, not HTTP; .* write rtsp:\/\/\.$/ })
  t.match(wrongProtocol(bytes('\x15\x03\x03\0\x02\x02\x46'), 'HTTP', 443), { message: 'What answers at port 443 speaks TLS. Write https://, or another port.' })
  t.match(wrongProtocol(bytes('\x15\x03\x01'), 'RTSP', 322), { message: /Write rtsps:\/\// })
  for (const page of ['<!DOCTYPE HTML>\n<html>', '<html lang="en">', '\r\n<HTML>']) t.match(wrongProtocol(bytes(page), 'RTSP', 80), { message: /^What answers at port 80 speaks HTTP, not RTSP/ }, page)
  for (const [text, wanted] of [['<html>', 'HTTP'], ['RTSP/1.0 200 OK', 'RTSP'], ['HTTP/1.1 200 OK', 'HTTP'], ['', 'RTSP'], ['SSH-2.0', 'HTTP']] as const) t.equal(wrongProtocol(bytes(text), wanted, 1), undefined, text)
})

t.test('an RTSP server that answers in HTTP is recognised by its headers or its port', async t => {
  const none = new Map<string, string[]>()
  for (const [status, headers, port] of [
    [400, new Map([['cseq', ['0']]]), 9000], [404, new Map([['server', ['GStreamer RTSP server']]]), 9000], [200, new Map([['public', ['OPTIONS, DESCRIBE']]]), 80], [503, none, 554], [400, none, 8554]
  ] as const) t.match(rtspBehindHttp(status, headers, port), { code: 'WRONG_PROTOCOL', message: /speaks RTSP, not HTTP/ })
  for (const [status, headers, port] of [[400, none, 80], [200, none, 554], [401, none, 554], [503, new Map([['server', ['nginx']]]), 8080]] as const) t.equal(rtspBehindHttp(status, headers, port), undefined)
})

t.test('over the network, each client reports it and gives up', async t => {
  for (const answer of ['HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', 'HTTP/1.0 503 Busy\r\n\r\n']) {
    const { url, asked } = await scripted(t, (_, socket) => { socket.end(answer) })
    const { seen, ended } = visit(url)
    await ended()
    t.match(seen.error, { code: 'WRONG_PROTOCOL', message: /speaks HTTP, not RTSP/ })
    t.equal(asked.length, 1)
  }
  for (const hangUp of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
    const { url } = await scripted(t, (_, socket) => { hangUp(socket) })
    const { seen, ended } = visit(url)
    await ended()
    t.match(seen.error, { code: 'RTSP_SILENT' }, 'a port that closes every connection at once')
    const door = await listening(t, socket => { socket.once('data', () => hangUp(socket)) })
    for (const [scheme, code] of [['http', 'HTTP_SILENT'], ['https', 'TLS_SILENT']] as const) {
      const http = readHttp(`${scheme}://127.0.0.1:${door}/`)
      await http.ended()
      t.match(http.seen.error, { code }, scheme)
    }
    const tls = visit(`rtsps://127.0.0.1:${door}/`)
    await tls.ended()
    t.match(tls.seen.error, { code: 'TLS_SILENT' })
  }
  const ssh = await listening(t, socket => { socket.end('SSH-2.0-OpenSSH_9.2p1\r\n') })
  const { seen, ended } = visit(`rtsp://127.0.0.1:${ssh}/`)
  await ended()
  t.match(seen.error, { code: 'WRONG_PROTOCOL', message: `What answers at port ${ssh} does not speak RTSP. Correct the port.` })
  for (const answer of ['RTSP/1.0 400 Bad Request\r\nCSeq: 0\r\n\r\n', 'HTTP/1.0 400 Bad Request\r\nCSeq: 0\r\n\r\n', whole('', { Server: 'Rtsp Server/3.0' }, '503 Service Unavailable')]) {
    const { url, asked } = await scriptedHttp(t, (_, socket) => { socket.end(answer) })
    const { seen, ended } = readHttp(url)
    await ended()
    t.match(seen.error, { code: 'WRONG_PROTOCOL', message: new RegExp(`at port ${new URL(url).port} speaks RTSP, not HTTP`) })
    t.equal(asked.length, 1)
  }
})
