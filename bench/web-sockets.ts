import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { WebSocketWriter } from '../src/http/wall/web-socket.js'
import { HEADER_BYTES } from '../src/wire/picture-header.js'
import { quantile, table } from './table.js'

const SOCKETS = 100
const FPS = 20
const PICTURE_BYTES = 8_000
const ROUNDS = 5
const SECONDS = 1

/** A client whose kernel side does the least that is possible. */
const CLIENT = `
const { connect } = require('node:net')
for (let i = 0; i < ${SOCKETS}; i++) {
  const socket = connect(Number(process.argv[1]), '127.0.0.1', () => socket.write('GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n'))
  socket.resume().on('error', () => {})
}`

/** CPU of sending the same pictures to many WebSockets: by camgate's writer, by ws in two frames, and by ws after copying header and picture together. */
export async function webSockets (): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  const clients: Array<{ webSocket: WebSocket, writer: WebSocketWriter }> = []
  server.on('connection', (webSocket, request) => { clients.push({ webSocket, writer: new WebSocketWriter(webSocket, request.socket) }) })
  const child = spawn(process.execPath, ['-e', CLIENT, String((server.address() as AddressInfo).port)], { stdio: 'ignore' })
  while (clients.length < SOCKETS) await wait(20)
  const [header, picture] = [Buffer.alloc(HEADER_BYTES), Buffer.alloc(PICTURE_BYTES)]
  const ways: Record<string, (client: typeof clients[number]) => void> = {
    camgate: ({ writer }) => writer.picture(header, picture, () => {}),
    'ws, two frames' ({ webSocket }) {
      webSocket.send(header, { binary: true, fin: false })
      webSocket.send(picture, { binary: true, fin: true })
    },
    'ws, one copy': ({ webSocket }) => webSocket.send(Buffer.concat([header, picture]))
  }
  const taken = Object.keys(ways).map((): number[] => [])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, send] of Object.values(ways).entries()) {
      const before = process.cpuUsage()
      for (let frame = 0; frame < SECONDS * FPS; frame++) {
        for (const client of clients) send(client)
        await wait(1_000 / FPS)
      }
      const { user, system } = process.cpuUsage(before)
      if (round > 0) taken[i]!.push((user + system) / 1e6) // the first warms up
    }
  }
  child.kill()
  server.close()
  for (const { webSocket } of clients) webSocket.terminate()
  const ratio = (i: number) => quantile(taken[i]!.map((seconds, round) => seconds / taken[0]![round]!), 0.5).toFixed(2)
  const microseconds = (i: number) => (1e6 * quantile(taken[i]!, 0.5) / (SECONDS * FPS * SOCKETS)).toFixed(1)
  return `${table(['written by', 'µs of CPU a picture', 'of camgate'], Object.keys(ways).map((name, i) => [name, microseconds(i), ratio(i)]))}

${SOCKETS} WebSockets get the same ${PICTURE_BYTES / 1000} kB ${FPS} times a second, in turn by each way; medians of ${ROUNDS} rounds, in which ratios are taken. It is the sending process alone.`
}
